output "state_bucket" {
  description = "For backend.tf of the root module: bucket."
  value       = aws_s3_bucket.state.id
}

output "state_key" {
  description = "For backend.tf of the root module: key. The workspace goes in front: env:/WORKSPACE/KEY."
  value       = local.state_key
}

output "state_kms_key_arn" {
  description = "For backend.tf of the root module: kms_key_id."
  value       = aws_kms_key.state.arn
}

output "deploy_role_arns" {
  description = "For the variable AWS_ROLE_ARN of each GitHub environment."
  value       = { for environment, role in aws_iam_role.deploy : environment => role.arn }
}

output "plan_role_arn" {
  description = "For the job on main that shows what would change."
  value       = aws_iam_role.plan.arn
}

output "workload_boundary_arns" {
  description = "Boundary that every role of an environment must carry."
  value       = local.boundary_arns
}
