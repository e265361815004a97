# What the other files name: the five Lambdas, and where they may go.

data "aws_partition" "this" {}

data "aws_region" "this" {}

data "aws_caller_identity" "this" {}

locals {
  name    = "flux-${var.environment}"
  is_prod = var.environment == "prod"

  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.region

  # How long a deleted key or secret can be had back, in days.
  grace_days = local.is_prod ? 30 : 7

  functions = toset(["api", "ingest", "mail", "migrate", "sweep"])

  function_names = { for function in local.functions : function => "${local.name}-${function}" }

  function_arns = {
    for function, name in local.function_names :
    function => "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${name}"
  }
}
