# One role a Lambda. What is not in this file, a Lambda cannot do.

resource "aws_iam_role" "this" {
  for_each = local.functions

  name                 = local.function_names[each.key]
  description          = "What the Lambda ${each.key} of ${local.name} may do"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name   = "do-its-job"
  role   = aws_iam_role.this[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.runs[each.key], local.does[each.key]) })
}

locals {
  uploads = "${var.app_data_bucket_arn}/${var.uploads_prefix}*"

  secret = { for key, secret in aws_secretsmanager_secret.this : key => secret.arn }

  # What the Lambda service wants of every role: a log, and interfaces in the VPC. EC2 takes only "*" for some of
  # the latter, so the function's own code is denied them.
  runs = {
    for function, name in local.function_names : function => [
      {
        Sid      = "WriteItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${name}:*"]
      },
      {
        Sid      = "LetTheServiceJoinTheVpc"
        Effect   = "Allow"
        Action   = local.interface_actions
        Resource = ["*"]
      },
      {
        Sid       = "ButNotTheCode"
        Effect    = "Deny"
        Action    = local.interface_actions
        Resource  = ["*"]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.function_arns[function]] } }
      },
    ]
  }

  interface_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]

  does = {
    # Signs addresses to PUT to, which work only as far as the signer's rights go; stores small files itself, puts large
    # ones together, and reads a kept one to show its columns and its refused rows. Without ListBucket a missing file is
    # S3's "forbidden" and not its "not found".
    api = [
      {
        Sid      = "ReadItsSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [local.secret["database/app"], local.secret["jwt-keys"], var.redis_url_secret_arn]
      },
      {
        Sid      = "StoreAndReadUploads"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = [local.uploads]
      },
      {
        Sid      = "SeeThatNoFileCame"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [var.app_data_bucket_arn]
      },
      merge(local.use_key, { Action = ["kms:Decrypt", "kms:GenerateDataKey"], Condition = local.through["secrets_and_files"] }),
    ]

    # Reads a file, writes to the database.
    ingest = [
      {
        Sid      = "ReadItsSecret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [local.secret["database/app"]]
      },
      {
        Sid      = "ReadUploads"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = [local.uploads]
      },
      {
        Sid      = "GiveUp"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [var.dead_letter_queue_arn]
      },
      merge(local.use_key, { Action = ["kms:Decrypt", "kms:GenerateDataKey"], Condition = local.through["secrets_files_and_queue"] }),
    ]

    # Writes letters and has SES send them. They are whole messages, for which SES asks for SendRawEmail:
    # https://github.com/symfony/symfony/issues/51461
    mail = [
      {
        Sid      = "ReadItsSecret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [local.secret["database/app"]]
      },
      {
        Sid       = "SendLetters"
        Effect    = "Allow"
        Action    = ["ses:SendEmail", "ses:SendRawEmail"]
        Resource  = [var.mail_identity_arn]
        Condition = { StringEquals = { "ses:FromAddress" = var.mail_from_address } }
      },
      merge(local.use_key, { Action = ["kms:Decrypt"], Condition = local.through["secrets"] }),
    ]

    # Makes the two roles, with the passwords of their secrets, and changes the schema. It alone has the passwords of the
    # administrator and of the owner, and nothing but passwords of the database.
    migrate = [
      {
        Sid      = "ReadItsSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [local.secret["database/app"], local.secret["database/owner"], var.admin_secret_arn]
      },
      merge(local.use_key, { Action = ["kms:Decrypt"], Condition = local.through["secrets"] }),
    ]

    # Looks for files nobody told of and reads them, forgets parts that will never be a file.
    sweep = [
      {
        Sid      = "ReadItsSecret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [local.secret["database/app"]]
      },
      {
        Sid      = "ReadUploadsAndForgetParts"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject"]
        Resource = [local.uploads]
      },
      {
        Sid      = "SeeThatNoFileCame"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [var.app_data_bucket_arn]
      },
      merge(local.use_key, { Action = ["kms:Decrypt"], Condition = local.through["secrets_and_files"] }),
    ]
  }

  use_key = { Sid = "UseTheKeyThroughServices", Effect = "Allow", Resource = [aws_kms_key.data.arn] }

  through = {
    for name, services in {
      secrets                 = ["secretsmanager"]
      secrets_and_files       = ["secretsmanager", "s3"]
      secrets_files_and_queue = ["secretsmanager", "s3", "sqs"]
    } : name => { StringEquals = { "kms:ViaService" = [for service in services : "${service}.${local.region}.amazonaws.com"] } }
  }
}
