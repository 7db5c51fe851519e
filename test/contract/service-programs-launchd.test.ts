import { openFakeWorld } from '../support/fake-world.ts';
import { serviceSuite } from './service.ts';

serviceSuite('the fake launchctl', 'launchd', () => openFakeWorld('launchd', 'programs'), {
  concurrent: true,
});
