output "web_url" {
  description = "What people open."
  value       = module.web.url
}

output "functions" {
  description = "Each Lambda (api, ingest, sweep, mail, migrate): its name, the version that this plan published, and the alias to move to it once the new migrate has run. migrate has no alias: it is called by its version."
  value       = merge({ api = module.api.function }, module.ingestion.functions)
}

output "packages_bucket" {
  description = "Where a zip lies as api/SHA256.zip or ingest/SHA256.zip."
  value       = aws_s3_bucket.packages.id
}

output "web_bucket" {
  description = "Bucket for the built pages: assets first, pages last."
  value       = module.web.bucket
}

output "distribution_id" {
  description = "CloudFront's distribution, to have it forget pages after a deploy."
  value       = module.web.distribution_id
}

output "deploy_alarm_names" {
  description = "Alarms that take a deploy back."
  value       = module.monitoring.deploy_alarm_names
}

output "dashboard_name" {
  description = "The dashboard in CloudWatch."
  value       = module.monitoring.dashboard_name
}

output "dead_letter_queue_url" {
  description = "Queue with the events that ingest gave up."
  value       = module.ingestion.dead_letter_queue_url
}

output "operator" {
  description = "What a person's CloudShell in the VPC wants: its subnet and groups, where the database is, and where its secrets are."
  value = {
    subnet_id          = module.network.private_subnet_ids[0]
    security_group_ids = [module.security.lambda_security_group_id, module.security.operator_security_group_id]
    database           = local.place_of_database
    secret_arns        = module.database.secret_arns
  }
}
