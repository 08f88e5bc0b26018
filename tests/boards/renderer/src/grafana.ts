// What Grafana's front end gives its libraries when it starts, as far as they ask for it here.
import * as D from '@grafana/data';
import * as R from '@grafana/runtime';
import * as S from '@grafana/scenes';
import { catchError, map, of } from 'rxjs';

export const theme = D.createTheme({ colors: { mode: 'dark' } });
export const happened: string[] = [];

const anybody: any = D;

function property(id: string, process: any, defaultValue?: unknown) {
  return {
    id, path: id, name: id, description: '', editor: () => null, override: () => null, process, settings: {},
    shouldApply: () => true, getItemsCount: () => 0, defaultValue,
  };
}

function standardProperties() {
  const whole = D.identityOverrideProcessor;
  return [
    property('unit', D.unitOverrideProcessor),
    property('min', D.numberOverrideProcessor),
    property('max', D.numberOverrideProcessor),
    property('fieldMinMax', anybody.booleanOverrideProcessor ?? whole),
    property('decimals', D.numberOverrideProcessor),
    property('displayName', anybody.displayNameOverrideProcessor ?? D.stringOverrideProcessor),
    property('color', whole, { mode: 'thresholds' }),
    property('noValue', D.stringOverrideProcessor),
    property('links', D.dataLinksOverrideProcessor),
    property('mappings', D.valueMappingsOverrideProcessor, []),
    property('thresholds', D.thresholdsOverrideProcessor),
    property('filterable', anybody.booleanOverrideProcessor ?? whole),
  ] as any[];
}

export function setUp(source: D.DataSourceApi<any>) {
  const config = R.config as any;
  config.theme2 = theme;
  config.theme = theme.v1;
  config.featureToggles = {};
  config.bootData = { user: { theme: 'dark', timezone: 'browser', permissions: {} }, settings: {}, navTree: [] };

  D.standardFieldConfigEditorRegistry.setInit(standardProperties as any);
  const editors = ['text', 'number', 'slider', 'boolean', 'select', 'multi-select', 'unit', 'color', 'fieldColor', 'links',
    'mappings', 'thresholds', 'timezone', 'field-name', 'stats-picker', 'strings', 'dashboard-uid'];
  D.standardEditorsRegistry.setInit(() => editors.map((id) => ({ id, name: id, editor: () => null })) as any);
  const known = new Map(Object.values(D.standardTransformers).map((each: any) => [each.id, each]));
  D.standardTransformersRegistry.setInit(() =>
    [...known.values()].map((each: any) => ({ id: each.id, name: each.name, transformation: async () => each, editor: () => null })) as any);

  const settings = { uid: source.uid, name: source.name, type: source.type, meta: source.meta, jsonData: {}, id: 1, readOnly: true, access: 'proxy' } as any;
  R.setDataSourceSrv({ get: async () => source, getInstanceSettings: () => settings, getList: () => [settings], reload() {}, registerRuntimeDataSource() {} } as any);
  R.setRunRequest(((from: any, request: any) => from.query(request).pipe(
    map((answer: any) => ({ state: 'Done', series: answer.data, annotations: [], request, timeRange: request.range })),
    catchError((error: unknown) => of({ state: 'Error', series: [], error: { message: String(error) }, timeRange: request.range, request })),
  )) as any);
  R.setTemplateSrv({
    replace: (text: string, scoped: any, format: any) => {
      const of_ = scoped?.__sceneObject?.value;
      return S.sceneGraph.interpolate(of_?.valueOf?.() ?? of_, text, scoped, format);
    },
    getVariables: () => [], containsTemplate: () => false, updateTimeRange() {},
  } as any);
  R.setBackendSrv({ fetch: () => of({ data: {} }), get: async () => ({}), post: async () => ({}) } as any);
  R.setAppEvents(new D.EventBusSrv() as any);
  R.setEchoSrv(new R.FakeEchoSrv() as any);
}
