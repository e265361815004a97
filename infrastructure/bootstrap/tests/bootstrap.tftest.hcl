mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::111122223333:policy/bootstrap/any" }
  }
}

variables {
  account_id = "111122223333"
  region     = "eu-central-1"
  github_repository = {
    owner    = "flux-example"
    name     = "flux"
    owner_id = 4242
    id       = 987654321
  }
  hosted_zone_ids = { dev = "Z0DEV", staging = "Z0DEV", prod = "Z0PROD" }
}

run "the_state_is_versioned_and_old_versions_stay_for_a_year" {
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_versioning.state.bucket == aws_s3_bucket.state.id
    error_message = "A broken state could not be mended."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days == 365 && length(aws_s3_bucket_lifecycle_configuration.state.rule[0].expiration) == 0
    error_message = "Old versions of the state are gone too soon, or the state itself expires."
  }
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement :
      statement.Effect == "Deny" && statement.Action == "s3:DeleteObjectVersion" && !can(statement.Condition)
    ])
    error_message = "Somebody could delete old versions of the state."
  }
  assert {
    condition     = aws_s3_bucket.state.force_destroy == false
    error_message = "Destroying bootstrap would empty the state bucket first."
  }
}

run "the_state_is_encrypted_with_a_key_of_its_own_that_rotates" {
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.state.arn
    ])
    error_message = "The state is not encrypted with its key."
  }
  assert {
    condition     = aws_kms_key.state.enable_key_rotation && aws_kms_key.state.deletion_window_in_days == 30
    error_message = "The key does not rotate, or could be gone before anybody notices."
  }
}

run "the_state_is_neither_public_nor_read_by_plain_http_nor_by_another_account" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.state.block_public_acls,
      aws_s3_bucket_public_access_block.state.block_public_policy,
      aws_s3_bucket_public_access_block.state.ignore_public_acls,
      aws_s3_bucket_public_access_block.state.restrict_public_buckets,
      aws_s3_bucket_ownership_controls.state.rule[0].object_ownership == "BucketOwnerEnforced",
    ])
    error_message = "The state bucket could be opened to the public."
  }
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement :
      statement.Effect == "Deny" && statement.Action == "s3:*" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
    ])
    error_message = "The state bucket answers plain HTTP."
  }
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement :
      statement.Effect == "Deny" && statement.Action == "s3:*" && try(statement.Condition.StringNotEquals["aws:PrincipalAccount"], "") == "111122223333"
    ])
    error_message = "Another account could be let in to the state."
  }
}

run "every_role_trusts_exactly_one_repository" {
  assert {
    condition = alltrue(flatten([for role in concat(values(aws_iam_role.deploy), [aws_iam_role.plan]) : [
      for statement in jsondecode(role.assume_role_policy).Statement : [
        keys(statement.Condition) == ["StringEquals"],
        statement.Action == "sts:AssumeRoleWithWebIdentity",
        statement.Principal == { Federated = aws_iam_openid_connect_provider.github.arn },
        statement.Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com",
        statement.Condition.StringEquals["token.actions.githubusercontent.com:repository_id"] == "987654321",
        alltrue([for subject in statement.Condition.StringEquals["token.actions.githubusercontent.com:sub"] :
          startswith(subject, "repo:flux-example/flux:") || startswith(subject, "repo:flux-example@4242/flux@987654321:")
        ]),
        !strcontains(jsonencode(statement.Condition), "*"),
      ]
    ]]))
    error_message = "A role trusts another repository, or a pattern."
  }
  assert {
    condition     = aws_iam_openid_connect_provider.github.url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "Tokens of another issuer, or for somebody else, would be taken."
  }
}

run "each_deploy_role_trusts_its_own_github_environment" {
  assert {
    condition = jsonencode({ for environment, role in aws_iam_role.deploy : environment => distinct([
      for subject in jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] : join(":", slice(split(":", subject), 2, length(split(":", subject))))
    ]) }) == jsonencode({ dev = ["environment:development"], staging = ["environment:staging"], prod = ["environment:production"] })
    error_message = "A deploy role trusts another environment than its own."
  }
}

run "staging_and_prod_take_only_what_is_on_main" {
  assert {
    condition = alltrue([for environment in ["staging", "prod"] :
      try(jsondecode(aws_iam_role.deploy[environment].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:ref"], "") == "refs/heads/main"
    ])
    error_message = "A branch could be deployed to staging or prod without a merge."
  }
  assert {
    condition     = !can(jsondecode(aws_iam_role.deploy["dev"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:ref"])
    error_message = "A branch cannot be tried in dev."
  }
}

run "the_plan_role_trusts_main_and_no_pull_request" {
  assert {
    condition = alltrue([for subject in jsondecode(aws_iam_role.plan.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] :
      endswith(subject, ":ref:refs/heads/main")
    ])
    error_message = "Code that nobody reviewed could read the states."
  }
}

run "the_plan_role_changes_nothing" {
  assert {
    condition = alltrue(flatten([for statement in concat(jsondecode(aws_iam_policy.read.policy).Statement, jsondecode(aws_iam_policy.plan.policy).Statement) : [
      for action in statement.Action : can(regex("^[a-z0-9-]+:(Describe|Get|GET|List|View)", action)) || (action == "kms:Decrypt" && statement.Resource == aws_kms_key.state.arn)
    ]]))
    error_message = "The plan role may do more than look."
  }
  assert {
    condition = toset(values({ for key, attachment in aws_iam_role_policy_attachment.plan : key => attachment.policy_arn })) == toset([aws_iam_policy.read.arn, aws_iam_policy.plan.arn]) && alltrue([
      for attachment in aws_iam_role_policy_attachment.plan : attachment.role == aws_iam_role.plan.name
    ]) && keys(aws_iam_role_policy_attachment.plan) == ["plan", "read"]
    error_message = "The plan role has another policy."
  }
}

run "looking_shows_no_secret_no_log_and_no_file_of_an_owner" {
  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_policy.read.policy).Statement : [
      for action in statement.Action : !contains([
        "s3:Get*", "s3:GetObject*", "s3:GetObject", "secretsmanager:Get*", "secretsmanager:GetSecretValue", "logs:Get*", "logs:GetLogEvents",
        "logs:FilterLogEvents", "ec2:Get*", "ec2:GetPasswordData", "ec2:GetConsoleOutput", "ssm:Get*", "kms:Decrypt", "cloudwatch:Get*", "sqs:ReceiveMessage",
      ], action)
    ]]))
    error_message = "Reading settings also reads contents."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_policy.plan.policy).Statement :
      alltrue([for resource in flatten([statement.Resource]) : can(regex("^arn:aws:s3:::flux-terraform-state-111122223333/(env:/[a-z]+/)?flux.tfstate$", resource)) || resource == aws_kms_key.state.arn])
    ])
    error_message = "The plan role reads more than the states."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_policy.read.policy).Statement :
      statement.Resource == "arn:aws:ssm:eu-central-1::parameter/aws/service/*" || !contains(statement.Action, "ssm:GetParameter")
    ])
    error_message = "Reading settings also reads our parameters."
  }
}

run "no_role_is_allowed_a_whole_service" {
  assert {
    condition = alltrue(flatten([for policy in concat(values(aws_iam_policy.deploy), values(aws_iam_policy.workload_boundary), [aws_iam_policy.read, aws_iam_policy.plan]) : [
      for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny" || (
        !can(statement.NotAction) && alltrue([for action in statement.Action : !endswith(action, ":*") && action != "*"])
      )
    ]]))
    error_message = "A policy allows `*`, a whole service, or all but something."
  }
}

run "a_role_that_a_deploy_makes_or_changes_carries_the_boundary" {
  assert {
    condition = alltrue(flatten([for key, policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement :
      try(statement.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::111122223333:policy/bootstrap/flux-${local.deploy_policies[key].environment}-workload-boundary"
      if statement.Effect == "Allow" && length(setintersection(statement.Action, [
        "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
      ])) > 0
    ]]))
    error_message = "A deploy role could make a role that is an administrator."
  }
  assert {
    condition = alltrue(flatten([for policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement : [
      for action in statement.Action : !startswith(action, "iam:") || !strcontains(action, "*")
    ] if statement.Effect == "Allow"]]))
    error_message = "IAM is allowed by a pattern, in which a dangerous call can hide."
  }
}

run "a_deploy_role_cannot_reach_itself_its_boundary_or_another_environments_roles" {
  assert {
    condition = alltrue(flatten([for key, policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement : [
      for resource in flatten([statement.Resource]) : can(regex("^arn:aws:iam::111122223333:(role|policy|instance-profile)/flux-${local.deploy_policies[key].environment}-\\*$", resource)) || resource == "arn:aws:iam::111122223333:role/aws-service-role/*"
    ] if statement.Effect == "Allow" && startswith(statement.Action[0], "iam:")]]))
    error_message = "A deploy role may change roles or policies that are not its environment's."
  }
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-guard"].policy).Statement : statement.Effect == "Deny" && !can(statement.Condition)
      && toset(flatten([statement.Resource])) == toset(["arn:aws:iam::111122223333:role/bootstrap/*", "arn:aws:iam::111122223333:policy/bootstrap/*", "arn:aws:iam::111122223333:oidc-provider/*"])
      && length(setsubtract(["iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Put*", "iam:Update*", "iam:Pass*"], statement.Action)) == 0
    ])])
    error_message = "Nothing forbids a deploy role to change itself."
  }
  assert {
    condition     = alltrue([for role in concat(values(aws_iam_role.deploy), [aws_iam_role.plan]) : role.path == "/bootstrap/"]) && alltrue([for policy in concat(values(aws_iam_policy.deploy), values(aws_iam_policy.workload_boundary)) : policy.path == "/bootstrap/"])
    error_message = "A role or policy of bootstrap lies where the deploy roles can reach it."
  }
}

run "a_deploy_role_makes_no_user_and_no_key_and_drops_no_boundary" {
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-guard"].policy).Statement : statement.Effect == "Deny" && statement.Resource == "*" && !can(statement.Condition)
      && length(setsubtract(["iam:*AccessKey*", "iam:*LoginProfile", "iam:*User", "iam:*UserPolicy", "iam:DeleteRolePermissionsBoundary", "sts:AssumeRole"], statement.Action)) == 0
    ])])
    error_message = "A deploy role could make itself another way in."
  }
}

run "a_deploy_role_passes_only_its_environments_roles_and_only_to_services_of_flux" {
  assert {
    condition = alltrue(flatten([for key, policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement :
      statement.Resource == "arn:aws:iam::111122223333:role/flux-${local.deploy_policies[key].environment}-*" && length(try(statement.Condition.StringEquals["iam:PassedToService"], [])) > 0
      if statement.Effect == "Allow" && contains(statement.Action, "iam:PassRole")
    ]]))
    error_message = "A deploy role could hand any role to anything."
  }
}

run "no_workload_can_change_permissions_keys_or_delete_files" {
  assert {
    condition = alltrue(flatten([for policy in aws_iam_policy.workload_boundary : [for statement in jsondecode(policy.policy).Statement : [
      for action in statement.Action : !can(regex("^(iam|sts|organizations|account):|^kms:(Put|Schedule|Disable)|^s3:(Delete|PutBucket|PutLifecycle|PutEncryption)|^lambda:(Update|Create)|^rds:", action))
    ]]]))
    error_message = "The boundary lets a workload change permissions, keys or code, or delete what owners sent."
  }
  assert {
    condition = alltrue(flatten([for environment, policy in aws_iam_policy.workload_boundary : [for statement in jsondecode(policy.policy).Statement : [
      for resource in flatten([statement.Resource]) : length(regexall("flux-(dev|staging|prod)", resource)) == 0 || strcontains(resource, "flux-${environment}")
    ]]]))
    error_message = "The boundary of one environment names another's things."
  }
}

run "the_boundary_leaves_the_lambdas_what_their_roles_give_them" {
  assert {
    condition = alltrue([for policy in aws_iam_policy.workload_boundary : length(setsubtract([
      "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses", "kms:Decrypt", "kms:GenerateDataKey", "lambda:InvokeFunction",
      "logs:CreateLogStream", "logs:PutLogEvents", "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket",
      "s3:ListMultipartUploadParts", "s3:PutObject", "secretsmanager:GetSecretValue", "ses:SendEmail", "sqs:SendMessage",
    ], flatten([for statement in jsondecode(policy.policy).Statement : statement.Action if statement.Effect == "Allow"]))) == 0])
    error_message = "The boundary takes away what a role of the security module needs, and AWS says so only when the code runs."
  }
}

run "a_deploy_makes_a_canary_with_all_that_belongs_to_it" {
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-runtime"].policy).Statement : alltrue([for kind in ["function", "layer"] :
        contains(flatten([statement.Resource]), "arn:aws:lambda:eu-central-1:111122223333:${kind}:cwsyn-flux-${environment}-*")
      ]) && contains(flatten([statement.Resource]), "arn:aws:synthetics:eu-central-1:111122223333:canary:flux-${environment}-*")
      && length(setsubtract(["synthetics:Create*", "lambda:Create*", "lambda:Publish*"], statement.Action)) == 0
    ])])
    error_message = "The function or the layer behind a canary would be refused."
  }
}

run "a_deploy_role_writes_only_its_own_state" {
  assert {
    condition = alltrue(flatten([for key, policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement : [
      for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::flux-terraform-state-111122223333/env:/${local.deploy_policies[key].environment}/flux.tfstate")
      if strcontains(resource, "flux-terraform-state")
    ] if statement.Effect == "Allow" && statement.Sid != "StateOfNoWorkspace"]]))
    error_message = "A deploy to one environment could change the state of another."
  }
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : [
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-data"].policy).Statement : { action = statement.Action, resource = statement.Resource }
      if statement.Sid == "StateOfNoWorkspace"
    ] == [{ action = ["s3:GetObject"], resource = "arn:aws:s3:::flux-terraform-state-111122223333/flux.tfstate" }]])
    error_message = "terraform init, which looks for a state before a workspace is chosen, would be refused; or it could be written."
  }
  assert {
    condition = alltrue(flatten([for policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement :
      endswith(statement.Resource, ".tflock") if statement.Effect == "Allow" && contains(statement.Action, "s3:DeleteObject") && strcontains(jsonencode(statement.Resource), "flux-terraform-state")
    ]]))
    error_message = "A deploy could delete its state; only the lock file is to be deleted."
  }
}

run "a_deploy_role_leaves_what_is_tagged_as_another_environments_alone" {
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-guard"].policy).Statement : statement.Effect == "Deny" && statement.Resource == "*"
      && try(statement.Condition.StringNotEquals["aws:ResourceTag/Environment"], "") == environment
      && length(setsubtract(["ec2:Delete*", "ec2:TerminateInstances", "rds:Delete*", "rds:Modify*", "elasticache:Delete*", "cloudfront:Delete*", "kms:TagResource", "ec2:CreateTags", "rds:AddTags*"], statement.Action)) == 0
    ])])
    error_message = "A deploy to dev could delete the database of prod."
  }
  assert {
    condition = alltrue([for environment in ["dev", "staging"] : alltrue([
      for statement in jsondecode(aws_iam_policy.deploy["${environment}-deploy-runtime"].policy).Statement : !strcontains(jsonencode(statement.Resource), "Z0PROD")
    ])])
    error_message = "A deploy to dev could point the product elsewhere."
  }
}

run "a_deploy_role_reads_no_file_of_an_owner" {
  assert {
    condition = alltrue(flatten([for key, policy in aws_iam_policy.deploy : [for statement in jsondecode(policy.policy).Statement : [
      for resource in flatten([statement.Resource]) : can(regex("^arn:aws:s3:::(flux-terraform-state-111122223333/(env:/|flux.tfstate$)|flux-${local.deploy_policies[key].environment}-(web|packages)-\\*/\\*$)", resource))
    ] if statement.Effect == "Allow" && contains(statement.Action, "s3:GetObject")]]))
    error_message = "A deploy role may read uploads."
  }
}

run "a_deploy_tags_its_packages_and_has_the_firewall_write_its_log_in_us_east_1" {
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in local.deploy_data[environment] : statement.Sid == "WebFilesAndPackages" && length(setsubtract(["s3:GetObjectTagging", "s3:PutObjectTagging"], statement.Action)) == 0
    ])])
    error_message = "The default tags, which an object gets too, would be refused."
  }
  assert {
    condition = alltrue([for environment in ["dev", "staging", "prod"] : anytrue([
      for statement in local.deploy_runtime[environment] : statement.Sid == "LogDeliveries" && contains(flatten([try(statement.Condition.StringEquals["aws:RequestedRegion"], [])]), "us-east-1")
    ])])
    error_message = "A firewall in front of CloudFront could not be given a log."
  }
}

run "every_policy_fits_and_is_attached" {
  assert {
    condition = alltrue([for policy in concat(values(aws_iam_policy.deploy), values(aws_iam_policy.workload_boundary), [aws_iam_policy.read, aws_iam_policy.plan]) :
      length(policy.policy) <= 6144
    ])
    error_message = "A policy has more than the 6144 characters that AWS takes."
  }
  assert {
    condition = alltrue([for key, attachment in aws_iam_role_policy_attachment.deploy : attachment.role == "flux-${local.deploy_policies[key].environment}-deploy"]) && toset(keys(aws_iam_role_policy_attachment.deploy)) == toset(flatten([
      for environment in ["dev", "staging", "prod"] : [for part in ["data", "runtime", "identity", "guard"] : "${environment}-deploy-${part}"]
    ]))
    error_message = "A deploy role lacks a part, or its guard, or has another environment's."
  }
}
