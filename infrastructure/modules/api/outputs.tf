output "function" {
  description = "The Lambda: its name, the version that this plan published, and the alias that a deploy moves to it."
  value = {
    name    = aws_lambda_function.this.function_name
    version = aws_lambda_function.this.version
    alias   = aws_lambda_alias.live.name
  }
}

output "http_api_id" {
  description = "Dimension ApiId of the HTTP API's metrics, for alarms and the dashboard."
  value       = aws_apigatewayv2_api.this.id
}

output "domain_name" {
  description = "Origin of /api/* for CloudFront."
  value       = aws_apigatewayv2_domain_name.this.domain_name

  # CloudFront would be told the name before it leads anywhere.
  depends_on = [aws_apigatewayv2_api_mapping.this, aws_route53_record.this]
}

output "log_group_names" {
  description = "Where the Lambda and the HTTP API write, for the dashboard."
  value       = { lambda = aws_cloudwatch_log_group.lambda.name, access = aws_cloudwatch_log_group.access.name }
}

output "timeout_seconds" {
  description = "When the Lambda is stopped, for an alarm below it."
  value       = aws_lambda_function.this.timeout
}
