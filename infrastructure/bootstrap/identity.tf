# How a deploy role is kept from making itself, or anybody, an administrator:
# - a role that it makes or changes carries the workload boundary, or the call is refused;
# - it cannot touch its own role, its own policies, the boundary, or GitHub's provider: all lie under /bootstrap/;
# - it makes no users and no keys, assumes no role, and passes only bounded roles, only to services that run Flux.
locals {
  boundary_arns = { for environment in keys(local.github_environments) :
    environment => "${local.iam_arn}:policy/bootstrap/flux-${environment}-workload-boundary"
  }

  deploy_identity = { for environment in keys(local.github_environments) : environment => [
    {
      Sid    = "BoundedRoles"
      Effect = "Allow"
      Action = [
        "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
      ]
      Resource  = "${local.iam_arn}:role/flux-${environment}-*"
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arns[environment] } }
    },
    {
      Sid    = "RolesAndPolicies"
      Effect = "Allow"
      Action = [
        "iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:CreatePolicy", "iam:CreatePolicyVersion",
        "iam:DeleteInstanceProfile", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:DeleteRole",
        "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:TagPolicy", "iam:TagRole",
        "iam:UntagInstanceProfile", "iam:UntagPolicy", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
      ]
      Resource = [for kind in ["role", "policy", "instance-profile"] : "${local.iam_arn}:${kind}/flux-${environment}-*"]
    },
    {
      Sid      = "PassRoles"
      Effect   = "Allow"
      Action   = ["iam:PassRole"]
      Resource = "${local.iam_arn}:role/flux-${environment}-*"
      Condition = { StringEquals = { "iam:PassedToService" = [
        "apigateway.amazonaws.com", "dlm.amazonaws.com", "ec2.amazonaws.com", "lambda.amazonaws.com", "monitoring.rds.amazonaws.com",
        "rds.amazonaws.com", "scheduler.amazonaws.com", "synthetics.amazonaws.com", "vpc-flow-logs.amazonaws.com",
      ] } }
    },
    {
      Sid      = "RolesOfServices"
      Effect   = "Allow"
      Action   = ["iam:CreateServiceLinkedRole"]
      Resource = "${local.iam_arn}:role/aws-service-role/*"
      Condition = { StringEquals = { "iam:AWSServiceName" = [
        "elasticache.amazonaws.com", "ops.apigateway.amazonaws.com", "rds.amazonaws.com", "wafv2.amazonaws.com",
      ] } }
    },
  ] }

  deploy_guard = { for environment in keys(local.github_environments) : environment => [
    {
      Sid      = "NeverItself"
      Effect   = "Deny"
      Action   = ["iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Pass*", "iam:Put*", "iam:Remove*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*"]
      Resource = ["${local.iam_arn}:role/bootstrap/*", "${local.iam_arn}:policy/bootstrap/*", "${local.iam_arn}:oidc-provider/*"]
    },
    {
      Sid    = "NeverPeopleOrWaysIn"
      Effect = "Deny"
      Action = [
        "iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile", "iam:*MFADevice", "iam:*SAMLProvider*", "iam:*User", "iam:*UserPolicy",
        "iam:*UserPermissionsBoundary", "iam:*AccountAlias", "iam:*AccountPasswordPolicy", "iam:DeleteRolePermissionsBoundary",
        "account:*", "organizations:*", "sts:AssumeRole",
      ]
      Resource = "*"
    },
    {
      Sid      = "NeverTheStateBucketItself"
      Effect   = "Deny"
      Action   = ["s3:DeleteBucket*", "s3:DeleteObjectVersion", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"]
      Resource = [local.state_arn, "${local.state_arn}/*"]
    },
    {
      Sid    = "NeverAnotherEnvironment"
      Effect = "Deny"
      Action = [
        "cloudfront:Delete*", "cloudfront:TagResource", "cloudfront:Update*", "dlm:Delete*", "dlm:TagResource", "dlm:Update*", "ec2:Attach*", "ec2:Authorize*", "ec2:CreateRoute", "ec2:CreateTags",
        "ec2:Delete*", "ec2:Detach*", "ec2:Disassociate*", "ec2:Modify*", "ec2:ReleaseAddress", "ec2:Replace*", "ec2:Revoke*", "ec2:StopInstances",
        "ec2:TerminateInstances", "elasticache:AddTags*", "elasticache:Delete*", "elasticache:Modify*", "elasticache:RemoveTags*", "apigateway:DELETE", "apigateway:PATCH",
        "apigateway:PUT", "rds:AddTags*", "rds:Delete*", "rds:Modify*", "rds:Reboot*", "rds:RemoveTags*", "rds:Restore*", "wafv2:Delete*", "wafv2:TagResource", "wafv2:Update*",
        # Or a key would be re-tagged first and used then.
        "kms:TagResource", "kms:UntagResource",
      ]
      Resource = "*"
      Condition = {
        Null            = { "aws:ResourceTag/Environment" = "false" }
        StringNotEquals = { "aws:ResourceTag/Environment" = environment }
      }
    },
  ] }

  boundary_statements = { for environment in keys(local.github_environments) : environment => [
    {
      Sid      = "Objects"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource = ["arn:${local.partition}:s3:::flux-${environment}-*"]
    },
    {
      Sid    = "Secrets"
      Effect = "Allow"
      Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]
      Resource = [for name in ["flux-${environment}/*", "flux-${environment}-*", "rds!*"] :
        "${local.in_region.secretsmanager}:secret:${name}"
      ]
    },
    {
      Sid       = "Keys"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]
      Resource  = "arn:${local.partition}:kms:${var.region}:${var.account_id}:key/*"
      Condition = { StringEquals = { "aws:ResourceTag/Environment" = environment } }
    },
    {
      Sid       = "KeysForServices"
      Effect    = "Allow"
      Action    = ["kms:CreateGrant"]
      Resource  = "arn:${local.partition}:kms:${var.region}:${var.account_id}:key/*"
      Condition = { StringEquals = { "aws:ResourceTag/Environment" = environment }, Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
    {
      Sid    = "Named"
      Effect = "Allow"
      Action = [
        "lambda:InvokeFunction", "sns:Publish",
        "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
        "ssm:GetParameter", "ssm:GetParameters",
      ]
      Resource = [
        "${local.in_region.lambda}:function:flux-${environment}-*",
        "${local.in_region.sns}:flux-${environment}-*",
        "${local.in_region.sqs}:flux-${environment}-*",
        "${local.in_region.ssm}:parameter/flux/${environment}/*",
      ]
    },
    {
      Sid    = "Run"
      Effect = "Allow"
      Action = [
        "cloudwatch:PutMetricData",
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSnapshots", "ec2:DescribeSubnets",
        "ec2:DescribeVolumes", "ec2:DescribeVpcs", "ec2:UnassignPrivateIpAddresses",
        "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint",
        "ec2messages:GetMessages", "ec2messages:SendReply",
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy",
        "ses:SendEmail", "ses:SendRawEmail",
        "ssm:ListAssociations", "ssm:ListInstanceAssociations", "ssm:PutInventory", "ssm:UpdateInstanceAssociationStatus",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
        "xray:PutTelemetryRecords", "xray:PutTraceSegments",
      ]
      Resource  = "*"
      Condition = local.build_region
    },
    {
      Sid       = "SnapshotsByLifecycle"
      Effect    = "Allow"
      Action    = ["ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:CreateTags", "ec2:DeleteSnapshot"]
      Resource  = ["arn:${local.partition}:ec2:${var.region}::snapshot/*", "${local.in_region.ec2}:volume/*", "${local.in_region.ec2}:instance/*"]
      Condition = { StringEqualsIfExists = { "aws:ResourceTag/Environment" = environment } }
    },
  ] }
}
