import { openFakeWorld } from '../support/fake-world.ts';
import { serviceSuite } from './service.ts';

serviceSuite('the fake launchd', 'launchd', () => openFakeWorld('launchd', 'port'));
