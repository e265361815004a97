# Verbs with a star (Describe*, List*) look at settings. Where such a verb would also hand out contents
# (s3:GetObject, logs:GetLogEvents, secretsmanager:GetSecretValue, ec2:GetPasswordData), the calls are named one by one.
locals {
  read_statements = [{
    Sid    = "Look"
    Effect = "Allow"
    Action = [
      "acm:DescribeCertificate", "acm:ListCertificates", "acm:ListTagsForCertificate",
      "apigateway:GET",
      "application-autoscaling:Describe*", "application-autoscaling:ListTagsForResource",
      "budgets:ViewBudget", "budgets:ListTagsForResource",
      "cloudfront:Describe*", "cloudfront:Get*", "cloudfront:List*",
      "cloudwatch:Describe*", "cloudwatch:GetDashboard", "cloudwatch:List*",
      "dlm:GetLifecyclePolicies", "dlm:GetLifecyclePolicy", "dlm:ListTagsForResource",
      "ec2:Describe*", "ec2:GetManagedPrefixListEntries", "ec2:GetEbsEncryptionByDefault",
      "elasticache:Describe*", "elasticache:ListTagsForResource",
      "events:Describe*", "events:List*",
      "iam:Get*", "iam:List*",
      "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListKeys", "kms:ListResourceTags",
      "lambda:Get*", "lambda:List*",
      "logs:Describe*", "logs:GetDelivery*", "logs:ListTagsForResource", "logs:ListTagsLogGroup",
      "rds:Describe*", "rds:ListTagsForResource",
      "route53:Get*", "route53:List*",
      "s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration", "s3:ListAllMyBuckets", "s3:ListBucket", "s3:ListTagsForResource",
      "scheduler:GetSchedule", "scheduler:GetScheduleGroup", "scheduler:List*",
      "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds",
      "ses:Describe*", "ses:Get*", "ses:List*",
      "sns:Get*", "sns:List*",
      "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:List*",
      "ssm:DescribeParameters", "ssm:ListTagsForResource",
      "sts:GetCallerIdentity",
      "synthetics:Describe*", "synthetics:GetCanary", "synthetics:ListTagsForResource",
      "wafv2:Describe*", "wafv2:Get*", "wafv2:List*",
    ]
    Resource = "*"
    }, {
    Sid      = "LookUpImages"
    Effect   = "Allow"
    Action   = ["ssm:GetParameter", "ssm:GetParameters"]
    Resource = "arn:${local.partition}:ssm:${var.region}::parameter/aws/service/*"
  }]

  plan_statements = [
    {
      Sid      = "ReadStates"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for workspace in concat([""], [for environment in keys(local.github_environments) : "env:/${environment}/"]) : "${local.state_arn}/${workspace}${local.state_key}"]
    },
    merge(local.use_state_key, { Action = ["kms:Decrypt"] }),
  ]

  use_state_key = {
    Sid       = "UseStateKey"
    Effect    = "Allow"
    Resource  = aws_kms_key.state.arn
    Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
  }
}
