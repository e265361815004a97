output "alarm_topic_arn" {
  description = "Topic that alarms, and their end, are sent to."
  value       = local.topic_arn

  # Nobody is to send to it before it lets them.
  depends_on = [aws_sns_topic_policy.alarms]
}

output "deploy_alarm_names" {
  description = "Alarms that take a deploy back: those of what people feel at once."
  value       = [for alarm in ["api-5xx", "api-errors", "ingest-errors", "ingest-dead"] : aws_cloudwatch_metric_alarm.above[alarm].alarm_name]
}

output "dashboard_name" {
  description = "The dashboard in CloudWatch."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
