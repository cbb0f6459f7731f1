// A receiving office: what is addressed to it.

import { t } from '../text';
import { RemoteReferrals } from './referrals';

export const Inbox = () => <RemoteReferrals title={t('tab.inbox')} />;
