# Made-up answers in the shape of the real ones, for the computed values that other resources are built from.

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { region = "eu-central-1" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:flux-prod-alarms" }
}

mock_resource "aws_iam_role" {
  defaults = { id = "mock-role", arn = "arn:aws:iam::111122223333:role/mock-role" }
}

mock_resource "aws_synthetics_canary" {
  defaults = { engine_arn = "arn:aws:lambda:eu-central-1:111122223333:function:cwsyn-flux-prod-health-0f0f0f0f:3" }
}
