output "functions" {
  description = "Each Lambda: its name, the version that this plan published, and the alias that a deploy moves to it (migrate has none)."
  value = { for name, function in aws_lambda_function.this : name => {
    name    = function.function_name
    version = function.version
    alias   = try(aws_lambda_alias.live[name].name, null)
  } }
}

output "dead_letter_queue_arn" {
  description = "Queue for the events that ingest gave up; the role of ingest may write into it."
  value       = local.queue_arn
}

output "dead_letter_queue_name" {
  description = "The same queue, as a dimension of its metrics."
  value       = local.queue_name
}

output "dead_letter_queue_url" {
  description = "The same queue, for a person who looks into it."
  value       = aws_sqs_queue.dead_letters.url
}

output "log_group_names" {
  description = "Where each Lambda writes, for the dashboard."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.name }
}

output "timeouts_seconds" {
  description = "When each Lambda is stopped, for alarms below it."
  value       = { for name, function in aws_lambda_function.this : name => function.timeout }
}
