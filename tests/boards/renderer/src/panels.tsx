// The panels the boards use, of the same parts as Grafana's own; the glue between them is not published, so it is here.
import * as D from '@grafana/data';
import * as R from '@grafana/runtime';
import * as U from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { theme } from './grafana';

function values(panel: any) {
  return D.getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: panel.replaceVariables,
    theme, data: panel.data.series, timeZone: 'browser', sparkline: panel.options.graphMode === 'area',
  } as any);
}

function Stat(panel: any) {
  const { options } = panel;
  const draw = ({ value, width, height, count, alignmentFactors }: any) => (
    <U.BigValue value={value.display} sparkline={value.sparkline} width={width} height={height} theme={theme} count={count}
      alignmentFactors={alignmentFactors} colorMode={options.colorMode} graphMode={options.graphMode} justifyMode={options.justifyMode}
      textMode={options.textMode} text={options.text} wideLayout={options.wideLayout} />
  );
  return <U.VizRepeater getValues={() => values(panel)} getAlignmentFactors={D.getDisplayValueAlignmentFactors} width={panel.width}
    height={panel.height} source={panel.data} itemSpacing={3} renderCounter={panel.renderCounter} autoGrid orientation={options.orientation} renderValue={draw} />;
}

function Bars(panel: any) {
  const { options } = panel;
  const draw = ({ value, width, height, orientation, alignmentFactors }: any) => (
    <U.BarGauge value={value.display} width={width} height={height} orientation={orientation} field={value.field} text={options.text}
      display={value.view?.getFieldDisplayProcessor(value.colIndex)} theme={theme} itemSpacing={10} lcdCellWidth={12}
      displayMode={options.displayMode} valueDisplayMode={options.valueMode} namePlacement={options.namePlacement}
      alignmentFactors={alignmentFactors} showUnfilled={options.showUnfilled} />
  );
  return <U.VizRepeater getValues={() => values(panel)} getAlignmentFactors={D.getDisplayValueAlignmentFactors} width={panel.width}
    height={panel.height} source={panel.data} itemSpacing={10} renderCounter={panel.renderCounter} orientation={options.orientation}
    minVizHeight={options.minVizHeight} maxVizHeight={options.maxVizHeight} minVizWidth={options.minVizWidth} renderValue={draw} />;
}

// As PanelDataErrorView says it.
const nothing = (panel: any) => panel.fieldConfig?.defaults?.noValue ?? 'No data';

function Lines(panel: any) {
  if (!panel.data.series.length) {
    return <div className="no-data">{nothing(panel)}</div>;
  }
  return <U.TimeSeries frames={panel.data.series} structureRev={panel.data.structureRev} timeRange={panel.timeRange} timeZone="browser"
    width={panel.width} height={panel.height} legend={panel.options.legend} options={panel.options} />;
}

function Table(panel: any) {
  const [frame] = panel.data.series;
  if (!frame?.length) {
    return <div className="no-data">{nothing(panel)}</div>;
  }
  D.cacheFieldDisplayNames(panel.data.series);
  return <TableNG {...({ data: frame, width: panel.width, height: panel.height, noHeader: !panel.options.showHeader, showTypeIcons: false,
    resizable: true, cellHeight: panel.options.cellHeight, timeRange: panel.timeRange, structureRev: panel.data.structureRev,
    getActions: () => [], disableSanitizeHtml: false } as any)} />;
}

const ofLines = { drawStyle: 'line', lineWidth: 1, fillOpacity: 0, pointSize: 5, showPoints: 'never', spanNulls: false, lineInterpolation: 'linear',
  axisPlacement: 'auto', stacking: { mode: 'none', group: 'A' }, gradientMode: 'none' };
const ofTables = { align: 'auto', cellOptions: { type: 'auto' }, inspect: false, filterable: false, width: undefined, minWidth: 50, wrapText: false };

function plugin(id: string, component: any, custom: Record<string, unknown> = {}) {
  const made = new D.PanelPlugin(component);
  made.meta = { id, name: id, type: 'panel', info: { logos: {} }, module: '', baseUrl: '', sort: 1 } as any;
  made.useFieldConfig({
    useCustomConfig: (builder: any) => {
      for (const [name, defaultValue] of Object.entries(custom)) {
        builder.addCustomEditor({ id: name, path: name, name, editor: () => null, override: () => null,
          process: D.identityOverrideProcessor, shouldApply: () => true, defaultValue });
      }
    },
  });
  return made;
}

const plugins: Record<string, any> = {
  stat: plugin('stat', Stat),
  bargauge: plugin('bargauge', Bars),
  timeseries: plugin('timeseries', Lines, ofLines),
  table: plugin('table', Table, ofTables),
};

export function setUpPanels() {
  R.setPluginImportUtils({ importPanelPlugin: async (id: string) => plugins[id], getPanelPluginFromCache: (id: string) => plugins[id] } as any);
}
