locals {
  secret_arns = {
    admin = local.is_rds ? aws_db_instance.this[0].master_user_secret[0].secret_arn : aws_secretsmanager_secret.admin[0].arn
    app   = var.app_secret_arn
    owner = var.owner_secret_arn
  }
}

output "host" {
  description = "What clients connect to, with sslmode=require or stricter: the proxy's name, or the TimescaleDB server's address."
  value       = local.is_rds ? aws_db_proxy.this[0].endpoint : aws_network_interface.this[0].private_ip
}

output "port" {
  description = "The port at host."
  value       = local.port
}

output "database_name" {
  description = "The database that migrate makes and Flux uses."
  value       = local.database_name
}

output "max_connections" {
  description = "How many connections the server takes. Through the proxy 90 % of them reach it; the rest is for people."
  value       = local.server.max_connections
}

output "secret_arns" {
  description = "Secrets by role (admin, app, owner), each JSON with at least username and password. Only what makes the roles needs admin: migrate, or a person."
  value       = local.secret_arns
}

output "security_group_id" {
  description = "The group at host, which admits clients on port."
  value       = var.security_group_id
}

output "log_group_names" {
  description = "Where the server's log goes, for dashboards."
  value       = sort([for group in aws_cloudwatch_log_group.this : group.name])
}

output "metrics" {
  description = "Where the figures of cpu, connections and storage are (namespace, metric, dimensions), for dashboards."
  value       = { for name, place in local.metric_of : name => merge(place, { metric = local.alarms[name].metric }) }
}
