output "redis_url_secret_arn" {
  description = "Secret whose text is REDIS_URL. Lambdas get its ARN, never the text."
  value       = aws_secretsmanager_secret.url.arn

  depends_on = [aws_secretsmanager_secret_version.url]
}

output "replication_group_id" {
  description = "Dimension of the cache's metrics, for alarms and the dashboard."
  value       = aws_elasticache_replication_group.this.id
}

output "port" {
  description = "Port that the cache's security group has to admit."
  value       = aws_elasticache_replication_group.this.port
}
