# A canary asks from outside, every five minutes, as a browser would.

locals {
  canary_code = file("${path.module}/canary.js")
  canary_name = "${local.name}-health"

  # Synthetics makes a Lambda of its own name, and the ARN ends with a version.
  canary_function = split(":", aws_synthetics_canary.health.engine_arn)[6]
}

data "archive_file" "canary" {
  type        = "zip"
  output_path = "${path.root}/.terraform/canary-${substr(sha256(local.canary_code), 0, 16)}.zip"

  source {
    filename = "nodejs/node_modules/canary.js"
    content  = local.canary_code
  }
}

resource "aws_synthetics_canary" "health" {
  name                     = local.canary_name
  runtime_version          = "syn-nodejs-4.1" # Node.js without a browser
  handler                  = "canary.handler"
  zip_file                 = data.archive_file.canary.output_path
  execution_role_arn       = aws_iam_role.canary.arn
  artifact_s3_location     = "s3://${var.logs_bucket}/canary/${local.canary_name}"
  start_canary             = true
  delete_lambda            = true
  success_retention_period = 7
  failure_retention_period = 31

  schedule {
    expression = "rate(5 minutes)"
  }

  run_config {
    timeout_in_seconds    = 60
    memory_in_mb          = 960 # the least there is
    environment_variables = { WEB_URL = var.web_url }
  }

  depends_on = [aws_iam_role_policy.canary]
}

# The role may not make log groups, or Lambda would make one that never ends.
resource "aws_cloudwatch_log_group" "canary" {
  #checkov:skip=CKV_AWS_338:a year in prod; nobody looks into last year's tests
  name              = "/aws/lambda/${local.canary_function}"
  retention_in_days = local.log_days
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_iam_role" "canary" {
  name                 = "${local.name}-canary"
  description          = "What the canary of ${local.name} may do"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "canary" {
  name = "tell-what-it-saw"
  role = aws_iam_role.canary.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepWhatItSaw"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["arn:${local.partition}:s3:::${var.logs_bucket}/canary/*"]
      },
      {
        Sid      = "FindTheBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation"]
        Resource = ["arn:${local.partition}:s3:::${var.logs_bucket}"]
      },
      {
        Sid      = "WriteItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/cwsyn-${local.canary_name}-*:*"]
      },
      # Metrics have no ARN; the namespace is the limit.
      {
        Sid       = "SayHowItWent"
        Effect    = "Allow"
        Action    = ["cloudwatch:PutMetricData"]
        Resource  = ["*"]
        Condition = { StringEquals = { "cloudwatch:namespace" = "CloudWatchSynthetics" } }
      },
    ]
  })
}
