# Made-up answers in the shape of the real ones, for the computed values that other resources are built from.

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { region = "eu-central-1" }
}

mock_data "aws_subnet" {
  defaults = { availability_zone = "eu-central-1a" }
}

mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}

mock_resource "aws_security_group" {
  defaults = { id = "sg-0a0a0a0a0a0a0a0a0" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mock" }
}

mock_resource "aws_iam_role" {
  defaults = { id = "mock-role", arn = "arn:aws:iam::111122223333:role/mock-role" }
}

mock_resource "aws_db_proxy" {
  defaults = { endpoint = "flux.proxy-abc.eu-central-1.rds.amazonaws.com" }
}

mock_resource "aws_db_instance" {
  defaults = {
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:eu-central-1:111122223333:key/data"
      secret_arn    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-admin"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin" }
}

mock_resource "aws_ebs_volume" {
  defaults = { id = "vol-0123456789abcdef0" }
}

mock_resource "aws_network_interface" {
  defaults = { id = "eni-0123456789abcdef0", private_ip = "10.0.16.10" }
}

mock_resource "aws_instance" {
  defaults = { id = "i-0123456789abcdef0" }
}
