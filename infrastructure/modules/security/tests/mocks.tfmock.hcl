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

mock_resource "aws_iam_role" {
  defaults = { id = "mock-role", arn = "arn:aws:iam::111122223333:role/mock-role" }
}
