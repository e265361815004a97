mock_provider "aws" {
  source = "./tests"
}

variables {
  environment              = "prod"
  engine                   = "rds"
  size                     = "large"
  storage_gib              = 100
  vpc_id                   = "vpc-0123456789abcdef0"
  database_subnet_ids      = ["subnet-0d1", "subnet-0d2", "subnet-0d3"]
  private_subnet_ids       = ["subnet-0a1", "subnet-0a2", "subnet-0a3"]
  security_group_id        = "sg-0123456789abcdef0"
  kms_key_arn              = "arn:aws:kms:eu-central-1:111122223333:key/data"
  logs_kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/logs"
  app_secret_arn           = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
  owner_secret_arn         = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf"
  alarm_topic_arn          = "arn:aws:sns:eu-central-1:111122223333:flux-prod-alarms"
  permissions_boundary_arn = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload"
}

run "wrong_inputs_are_refused_with_a_sentence" {
  command = plan

  variables {
    environment              = "production"
    engine                   = "aurora"
    size                     = "db.t4g.micro"
    storage_gib              = 5
    vpc_id                   = "flux"
    database_subnet_ids      = ["subnet-0d1"]
    private_subnet_ids       = []
    security_group_id        = "default"
    kms_key_arn              = "alias/aws/rds"
    logs_kms_key_arn         = "alias/aws/logs"
    app_secret_arn           = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*"
    owner_secret_arn         = "flux_owner"
    alarm_topic_arn          = "ops@example.com"
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [
    var.environment, var.engine, var.size, var.storage_gib, var.vpc_id, var.database_subnet_ids, var.private_subnet_ids,
    var.security_group_id, var.kms_key_arn, var.logs_kms_key_arn, var.app_secret_arn, var.owner_secret_arn, var.alarm_topic_arn, var.permissions_boundary_arn,
  ]
}
