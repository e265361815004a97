export { BarList, type BarListProps } from './bar-list'
export { DayChart, type Day, type DayChartProps } from './day-chart'
export { HeatMap, type HeatMapProps } from './heat-map'
