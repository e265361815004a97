resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # GitHub writes the subject with numbers for repositories made after 15 July 2026, and with names alone before.
  # Both mean this one: https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
  subjects = [
    "repo:${var.github_repository.owner}/${var.github_repository.name}",
    "repo:${var.github_repository.owner}@${format("%d", var.github_repository.owner_id)}/${var.github_repository.name}@${format("%d", var.github_repository.id)}",
  ]

  claims = {
    "token.actions.githubusercontent.com:aud"           = "sts.amazonaws.com"
    "token.actions.githubusercontent.com:repository_id" = format("%d", var.github_repository.id)
  }

  main_only = { "token.actions.githubusercontent.com:ref" = "refs/heads/main" }

  # Any branch may be tried in dev; staging and prod get what is on main.
  deploy_trust = { for environment, github_environment in local.github_environments : environment => merge(
    local.claims,
    environment == "dev" ? {} : local.main_only,
    { "token.actions.githubusercontent.com:sub" = [for subject in local.subjects : "${subject}:environment:${github_environment}"] },
  ) }

  plan_trust = merge(local.claims, local.main_only, {
    "token.actions.githubusercontent.com:sub" = [for subject in local.subjects : "${subject}:ref:refs/heads/main"]
  })
}

# Roles and policies of this folder lie under /bootstrap/, out of reach of what the roles themselves may name.
resource "aws_iam_role" "deploy" {
  for_each = local.github_environments

  name                 = "flux-${each.key}-deploy"
  path                 = "/bootstrap/"
  description          = "GitHub Actions in the environment ${each.value}: builds flux-${each.key}"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = local.deploy_trust[each.key] }
    }]
  })
}

resource "aws_iam_role" "plan" {
  name                 = "flux-plan"
  path                 = "/bootstrap/"
  description          = "GitHub Actions on main: shows what would change, changes nothing, reads no secret and no file of an owner"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = local.plan_trust }
    }]
  })
}

resource "aws_iam_policy" "read" {
  #checkov:skip=CKV_AWS_355:looking at settings; most Describe and List calls take no resource
  name        = "flux-read"
  path        = "/bootstrap/"
  description = "What Terraform has to look at. Settings, no contents."
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.read_statements })
}

resource "aws_iam_policy" "plan" {
  name        = "flux-plan"
  path        = "/bootstrap/"
  description = "The states of all environments, to read."
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.plan_statements })
}

resource "aws_iam_policy" "deploy" {
  for_each = local.deploy_policies

  name        = "flux-${each.key}"
  path        = "/bootstrap/"
  description = "Part of what the deploy role of one environment may do"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })
}

resource "aws_iam_policy" "workload_boundary" {
  for_each = local.github_environments

  name        = "flux-${each.key}-workload-boundary"
  path        = "/bootstrap/"
  description = "The most that any role made by the deploy role of ${each.key} can ever do"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary_statements[each.key] })
}

resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = local.deploy_policies

  role       = aws_iam_role.deploy[each.value.environment].name
  policy_arn = aws_iam_policy.deploy[each.key].arn
}

resource "aws_iam_role_policy_attachment" "deploy_read" {
  for_each = local.github_environments

  role       = aws_iam_role.deploy[each.key].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy_attachment" "plan" {
  for_each = { read = aws_iam_policy.read.arn, plan = aws_iam_policy.plan.arn }

  role       = aws_iam_role.plan.name
  policy_arn = each.value
}
