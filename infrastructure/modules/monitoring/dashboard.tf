locals {
  # Title, then [namespace, metric, dimension, value, ...] as the dashboard's own format has it.
  graphs = [
    { title = "The canary: successes in %", stat = "Average", metrics = [["CloudWatchSynthetics", "SuccessPercent", "CanaryName", local.canary_name]] },
    { title = "Requests", stat = "Sum", metrics = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", var.http_api_id]] },
    { title = "Slowest request in a hundred, ms", stat = "p99", metrics = [for metric in ["Latency", "IntegrationLatency"] : ["AWS/ApiGateway", metric, "ApiId", var.http_api_id]] },
    { title = "Lambdas: errors", stat = "Sum", metrics = [for function in values(var.functions) : ["AWS/Lambda", "Errors", "FunctionName", function.name]] },
    { title = "Lambdas: at once", stat = "Maximum", metrics = [for function in values(var.functions) : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", function.name]] },
    { title = "Lambdas: longest run, ms", stat = "Maximum", metrics = [for function in values(var.functions) : ["AWS/Lambda", "Duration", "FunctionName", function.name]] },
    { title = "Files: how long they wait, ms", stat = "Maximum", metrics = [["AWS/Lambda", "AsyncEventAge", "FunctionName", var.functions["ingest"].name]] },
    { title = "Files given up", stat = "Maximum", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue_name]] },
    { title = "Cache: memory in %", stat = "Maximum", metrics = [[{ expression = "SEARCH('{AWS/ElastiCache,CacheClusterId} MetricName=\"DatabaseMemoryUsagePercentage\" CacheClusterId=\"${local.name}\"', 'Maximum')" }]] },
  ]

  # Of the database the graphs of its alarms: what they measure depends on its engine.
  database_graphs = [for alarm in ["cpu", "connections", "storage"] : {
    title = "Database: ${alarm}"
    alarm = "arn:${local.partition}:cloudwatch:${local.region}:${local.account_id}:alarm:${local.name}-database-${alarm}"
  }]

  properties = concat(
    [for graph in local.graphs : jsonencode({ title = graph.title, stat = graph.stat, period = 300, metrics = graph.metrics })],
    [for graph in local.database_graphs : jsonencode({ title = graph.title, annotations = { alarms = [graph.alarm] } })],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name

  dashboard_body = jsonencode({
    widgets = [for index, properties in local.properties : {
      type       = "metric"
      x          = 8 * (index % 3)
      y          = 6 * floor(index / 3)
      width      = 8
      height     = 6
      properties = merge(jsondecode(properties), { region = local.region, view = "timeSeries" })
    }]
  })
}
