import {
  CONFIRMATION_SETTINGS,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
} from '../../core/settings/groups.ts';

/** The settings of a comparison. They are checked before anything is sent: an invalid one stops the command. */
export const COMPARE_SETTINGS = [
  ...REQUEST_SETTINGS,
  ...PARAMETER_SETTINGS,
  ...ROUTING_SETTINGS,
  ...LEDGER_SETTINGS,
  ...SCREEN_SETTINGS,
  ...CONFIRMATION_SETTINGS,
] as const;
