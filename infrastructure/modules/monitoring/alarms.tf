# Of what people are told. The database module has alarms of its own, for CPU, connections and storage.

locals {
  # The name that CloudWatch has for it, the sentence that people read, and when.
  api_alarms = {
    api-5xx = {
      says      = "Five or more requests in five minutes were answered by a 5xx."
      namespace = "AWS/ApiGateway", metric = "5xx", dimensions = { ApiId = var.http_api_id }
      statistic = "Sum", above = 4, period = 300, periods = 1
    }
    api-slow = {
      says      = "One request in a hundred took longer than three seconds, for a quarter of an hour."
      namespace = "AWS/ApiGateway", metric = "Latency", dimensions = { ApiId = var.http_api_id }
      statistic = "p99", above = 3000, period = 300, periods = 3
    }
    api-throttled = {
      says      = "Requests found no free place: the API's concurrency is used up."
      namespace = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = var.functions["api"].name }
      statistic = "Sum", above = 0, period = 300, periods = 1
    }
    ingest-waiting = {
      says      = "A file has been waiting for ten minutes to be read: ingestion's concurrency is used up, or it cannot start."
      namespace = "AWS/Lambda", metric = "AsyncEventAge", dimensions = { FunctionName = var.functions["ingest"].name }
      statistic = "Maximum", above = 600000, period = 300, periods = 1
    }
    ingest-throttled = {
      says      = "Files have found no free place for a quarter of an hour. They wait, and none is lost."
      namespace = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = var.functions["ingest"].name }
      statistic = "Sum", above = 0, period = 300, periods = 3
    }
    ingest-dead = {
      says      = "An upload was given up after three tries; its event lies in the dead-letter queue."
      namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.dead_letter_queue_name }
      statistic = "Maximum", above = 0, period = 60, periods = 1
    }
  }

  # The API answers 500 rather than fail, so any failure of its Lambda counts. What the clock calls may fail once.
  error_alarms = { for function, periods in { api = 1, ingest = 1, migrate = 1, sweep = 2, mail = 3 } : "${function}-errors" => {
    says      = "The Lambda ${function} fails. Its log says why."
    namespace = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = var.functions[function].name }
    statistic = "Sum", above = 0, period = 300, periods = periods
  } }

  duration_alarms = { for function, given in var.functions : "${function}-duration" => {
    says      = "The Lambda ${function} took more than 80 % of the time it has, which is ${given.timeout_seconds} s."
    namespace = "AWS/Lambda", metric = "Duration", dimensions = { FunctionName = given.name }
    statistic = "Maximum", above = given.timeout_seconds * 800, period = 300, periods = 1
  } }

  alarms = merge(local.api_alarms, local.error_alarms, local.duration_alarms)
}

resource "aws_cloudwatch_metric_alarm" "above" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.periods
  treat_missing_data  = "notBreaching" # no request, no error
  alarm_actions       = [local.topic_arn]
  ok_actions          = [local.topic_arn]
}

# What is called by the clock and is not called at all makes no errors.
resource "aws_cloudwatch_metric_alarm" "silent" {
  for_each = toset(["sweep", "mail"])

  alarm_name          = "${local.name}-${each.key}-silent"
  alarm_description   = "The Lambda ${each.key} has not run for a quarter of an hour: its clock stands still."
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = var.functions[each.key].name }
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 900
  evaluation_periods  = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [local.topic_arn]
  ok_actions          = [local.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "canary" {
  alarm_name          = "${local.name}-canary"
  alarm_description   = "The first page or /api/health could not be had from outside, twice in a quarter of an hour."
  namespace           = "CloudWatchSynthetics"
  metric_name         = "SuccessPercent"
  dimensions          = { CanaryName = aws_synthetics_canary.health.name }
  statistic           = "Average"
  comparison_operator = "LessThanThreshold"
  threshold           = 100
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "breaching" # a canary that says nothing is dead
  alarm_actions       = [local.topic_arn]
  ok_actions          = [local.topic_arn]
}
