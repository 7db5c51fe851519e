import { openFakeWorld } from '../support/fake-world.ts';
import { serviceSuite } from './service.ts';

serviceSuite('the fake systemd', 'systemd', () => openFakeWorld('systemd', 'port'));
