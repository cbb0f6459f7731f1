/* Comfort only: a link into a closed part opens it, in browsers that do not do so by themselves. */
(function () {
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
  }
  addEventListener('hashchange', reveal);
  reveal();
})();
