import { openFakeWorld } from '../support/fake-world.ts';
import { serviceSuite } from './service.ts';

serviceSuite(
  'the fake systemctl and loginctl',
  'systemd',
  () => openFakeWorld('systemd', 'programs'),
  { concurrent: true },
);
