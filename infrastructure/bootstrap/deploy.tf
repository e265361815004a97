# What each deploy role may do, in three parts and a guard, because a managed policy holds 6144 characters.
# Services whose ARNs carry a name are limited to flux-ENVIRONMENT-*. For the rest (EC2, CloudFront, ...), the guard
# refuses whatever carries another environment's tag.
locals {
  deploy_policies = merge([for environment in keys(local.github_environments) : {
    "${environment}-deploy-data"     = { environment = environment, statements = local.deploy_data[environment] }
    "${environment}-deploy-runtime"  = { environment = environment, statements = local.deploy_runtime[environment] }
    "${environment}-deploy-identity" = { environment = environment, statements = local.deploy_identity[environment] }
    "${environment}-deploy-guard"    = { environment = environment, statements = local.deploy_guard[environment] }
  }]...)

  in_region = { for service in ["apigateway", "ec2", "elasticache", "events", "lambda", "logs", "rds", "scheduler", "secretsmanager", "ses", "sns", "sqs", "ssm", "synthetics", "cloudwatch", "dlm"] :
    service => "arn:${local.partition}:${service}:${var.region}:${var.account_id}"
  }

  build_region = { StringEquals = { "aws:RequestedRegion" = var.region } }

  deploy_data = { for environment in keys(local.github_environments) : environment => [
    {
      Sid      = "State"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${local.state_arn}/env:/${environment}/${local.state_key}"
    },
    # Nobody writes that one: `terraform init` looks whether it is there, before a workspace is chosen.
    {
      Sid      = "StateOfNoWorkspace"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "${local.state_arn}/${local.state_key}"
    },
    {
      Sid      = "StateLock"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state_arn}/env:/${environment}/${local.state_key}.tflock"
    },
    merge(local.use_state_key, { Action = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"] }),
    {
      Sid    = "Buckets"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucket*", "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration", "s3:TagResource", "s3:UntagResource",
      ]
      Resource = "arn:${local.partition}:s3:::flux-${environment}-*"
    },
    {
      Sid    = "WebFilesAndPackages"
      Effect = "Allow"
      Action = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = [
        "arn:${local.partition}:s3:::flux-${environment}-web-*/*",
        "arn:${local.partition}:s3:::flux-${environment}-packages-*/*",
      ]
    },
    {
      Sid       = "MakeKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateKey", "kms:TagResource"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestTag/Environment" = environment, "aws:RequestedRegion" = [var.region, "us-east-1"] } }
    },
    {
      Sid    = "Keys"
      Effect = "Allow"
      Action = [
        "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:Decrypt", "kms:DeleteAlias", "kms:DisableKey", "kms:EnableKey",
        "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion",
        "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
      ]
      Resource  = "arn:${local.partition}:kms:*:${var.account_id}:key/*"
      Condition = { StringEquals = { "aws:ResourceTag/Environment" = environment } }
    },
    {
      Sid       = "KeysForServices"
      Effect    = "Allow"
      Action    = ["kms:CreateGrant"]
      Resource  = "arn:${local.partition}:kms:*:${var.account_id}:key/*"
      Condition = { StringEquals = { "aws:ResourceTag/Environment" = environment }, Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
    {
      Sid      = "KeyAliases"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      Resource = "arn:${local.partition}:kms:*:${var.account_id}:alias/flux-${environment}*"
    },
    {
      Sid    = "Secrets"
      Effect = "Allow"
      Action = [
        "secretsmanager:CancelRotateSecret", "secretsmanager:CreateSecret", "secretsmanager:DeleteResourcePolicy",
        "secretsmanager:DeleteSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutResourcePolicy",
        "secretsmanager:PutSecretValue", "secretsmanager:RestoreSecret", "secretsmanager:RotateSecret",
        "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage",
      ]
      Resource = ["${local.in_region.secretsmanager}:secret:flux-${environment}/*", "${local.in_region.secretsmanager}:secret:flux-${environment}-*"]
    },
    {
      Sid      = "SecretsThatRdsMakes"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"]
      Resource = "${local.in_region.secretsmanager}:secret:rds!*"
    },
    {
      Sid    = "Databases"
      Effect = "Allow"
      Action = [
        "rds:AddTagsToResource", "rds:Create*", "rds:Delete*", "rds:DeregisterDBProxyTargets", "rds:Modify*", "rds:PromoteReadReplica",
        "rds:RebootDBInstance", "rds:RegisterDBProxyTargets", "rds:RemoveTagsFromResource", "rds:ResetDBParameterGroup", "rds:RestoreDBInstance*",
      ]
      Resource = "${local.in_region.rds}:*"
    },
    {
      Sid      = "Caches"
      Effect   = "Allow"
      Action   = ["elasticache:AddTagsToResource", "elasticache:Create*", "elasticache:Decrease*", "elasticache:Delete*", "elasticache:Increase*", "elasticache:Modify*", "elasticache:RemoveTagsFromResource"]
      Resource = "${local.in_region.elasticache}:*"
    },
  ] }

  deploy_runtime = { for environment in keys(local.github_environments) : environment => [
    {
      Sid    = "Network"
      Effect = "Allow"
      Action = [
        "ec2:AllocateAddress", "ec2:Associate*", "ec2:Attach*", "ec2:Authorize*", "ec2:Create*", "ec2:Delete*", "ec2:Detach*",
        "ec2:Disassociate*", "ec2:Modify*", "ec2:ReleaseAddress", "ec2:Replace*", "ec2:Revoke*", "ec2:RunInstances",
        "ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances", "ec2:UpdateSecurityGroup*",
        "dlm:Create*", "dlm:Delete*", "dlm:TagResource", "dlm:UntagResource", "dlm:Update*",
      ]
      Resource  = "*"
      Condition = local.build_region
    },
    {
      Sid    = "NamedInOneRegion"
      Effect = "Allow"
      Action = [
        "cloudwatch:Delete*", "cloudwatch:Put*", "cloudwatch:TagResource", "cloudwatch:UntagResource",
        "events:Delete*", "events:Put*", "events:Remove*", "events:TagResource", "events:UntagResource",
        "lambda:Add*", "lambda:Create*", "lambda:Delete*", "lambda:InvokeFunction", "lambda:Publish*", "lambda:Put*", "lambda:Remove*", "lambda:TagResource", "lambda:UntagResource", "lambda:Update*",
        "scheduler:Create*", "scheduler:Delete*", "scheduler:TagResource", "scheduler:UntagResource", "scheduler:Update*",
        "sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource", "sns:SetSubscriptionAttributes",
        "sqs:AddPermission", "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:RemovePermission", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue",
        "ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource",
        "synthetics:Create*", "synthetics:Delete*", "synthetics:StartCanary", "synthetics:StopCanary", "synthetics:TagResource", "synthetics:UntagResource", "synthetics:Update*",
      ]
      Resource = [
        "${local.in_region.cloudwatch}:alarm:flux-${environment}-*",
        "arn:${local.partition}:cloudwatch::${var.account_id}:dashboard/flux-${environment}*",
        "${local.in_region.events}:rule/flux-${environment}-*",
        "${local.in_region.lambda}:function:flux-${environment}-*",
        "${local.in_region.lambda}:layer:flux-${environment}-*",
        # What CloudWatch makes of a canary, with the rights of whoever makes the canary.
        "${local.in_region.lambda}:function:cwsyn-flux-${environment}-*",
        "${local.in_region.lambda}:layer:cwsyn-flux-${environment}-*",
        "${local.in_region.scheduler}:schedule*/*flux-${environment}-*",
        "${local.in_region.sns}:flux-${environment}-*",
        "${local.in_region.sqs}:flux-${environment}-*",
        "${local.in_region.ssm}:parameter/flux/${environment}/*",
        "${local.in_region.synthetics}:canary:flux-${environment}-*",
      ]
    },
    {
      Sid    = "Logs"
      Effect = "Allow"
      Action = ["logs:Associate*", "logs:Create*", "logs:Delete*", "logs:Disassociate*", "logs:Put*", "logs:TagResource", "logs:UntagResource", "logs:UpdateDeliveryConfiguration"]
      Resource = flatten([for region in distinct([var.region, "us-east-1"]) : [for name in ["log-group:/flux/${environment}/*", "log-group:/aws/*/flux-${environment}*", "log-group:/aws/lambda/cwsyn-flux-${environment}-*", "log-group:aws-waf-logs-flux-${environment}*", "log-group::log-stream:*", "delivery:*", "delivery-source:flux-${environment}-*", "delivery-destination:flux-${environment}-*"] :
        "arn:${local.partition}:logs:${region}:${var.account_id}:${name}"
      ]])
    },
    {
      Sid       = "LogDeliveries"
      Effect    = "Allow"
      Action    = ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteResourcePolicy", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = [var.region, "us-east-1"] } } # where the firewall is
    },
    {
      Sid    = "Edge"
      Effect = "Allow"
      Action = [
        "acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate", "acm:RequestCertificate",
        "apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT", "apigateway:TagResource", "apigateway:UntagResource",
        "cloudfront:Associate*", "cloudfront:Create*", "cloudfront:Delete*", "cloudfront:PublishFunction", "cloudfront:Put*", "cloudfront:TagResource", "cloudfront:TestFunction", "cloudfront:UntagResource", "cloudfront:Update*", "cloudfront:AllowVendedLogDeliveryForResource",
        "ses:Create*", "ses:Delete*", "ses:Put*", "ses:TagResource", "ses:UntagResource", "ses:Update*",
        "wafv2:AssociateWebACL", "wafv2:Create*", "wafv2:Delete*", "wafv2:DisassociateWebACL", "wafv2:Put*", "wafv2:TagResource", "wafv2:UntagResource", "wafv2:Update*",
        "lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = [var.region, "us-east-1"] } }
    },
    {
      Sid      = "Records"
      Effect   = "Allow"
      Action   = ["route53:ChangeResourceRecordSets"]
      Resource = "arn:${local.partition}:route53:::hostedzone/${var.hosted_zone_ids[environment]}"
    },
    {
      Sid      = "Budget"
      Effect   = "Allow"
      Action   = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"]
      Resource = "arn:${local.partition}:budgets::${var.account_id}:budget/flux-${environment}-*"
    },
  ] }
}
