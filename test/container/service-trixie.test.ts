import { serviceSuiteOn } from './service.ts';

await serviceSuiteOn('trixie');
