'use client'

import dynamic from 'next/dynamic'

import { Waiting } from './waiting'

/** As tall as a chart by day, so that nothing moves when that comes. */
function ChartLoading() {
  return <Waiting shapes={['h-75']} />
}

// Loaded when one is shown: a page can be read before its charts are there.
export const BarList = dynamic(() => import('@flux/ui/charts').then((charts) => charts.BarList), {
  ssr: false,
  loading: ChartLoading,
})
export const DayChart = dynamic(() => import('@flux/ui/charts').then((charts) => charts.DayChart), {
  ssr: false,
  loading: ChartLoading,
})
export const HeatMap = dynamic(() => import('@flux/ui/charts').then((charts) => charts.HeatMap), {
  ssr: false,
  loading: ChartLoading,
})
