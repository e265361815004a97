# Run for each environment in its own workspace, with its own variables: test_environments.py does, and it looks at all
# that is planned and made here. What a module promises by itself is tried in the module.

mock_provider "aws" {
  source = "./tests"
}

mock_provider "archive" {}

# Who is meant by a rule can only be seen if not all groups are the same one.
override_resource {
  target = module.security.aws_security_group.this["lambda"]
  values = { id = "sg-lambda" }
}

override_resource {
  target = module.security.aws_security_group.this["database"]
  values = { id = "sg-database" }
}

override_resource {
  target = module.security.aws_security_group.this["cache"]
  values = { id = "sg-cache" }
}

override_resource {
  target = module.security.aws_security_group.this["operator"]
  values = { id = "sg-operator" }
}

override_resource {
  target = module.security.aws_secretsmanager_secret.this["database/app"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf" }
}

override_resource {
  target = module.security.aws_secretsmanager_secret.this["database/owner"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:owner-AbCdEf" }
}

override_resource {
  target = module.security.aws_secretsmanager_secret.this["jwt-keys"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:jwt-keys-AbCdEf" }
}

override_resource {
  target = module.cache.aws_secretsmanager_secret.url
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:redis-url-AbCdEf" }
}

variables {
  packages = {
    api    = "0a041b9462caa4a31bac3567e0b6e6fd9100787db2ab433d96f6d178cabfce90"
    ingest = "6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090"
  }
  cache_password = "0123456789abcdef0123456789abcdef"
}

run "an_environment_can_be_planned_before_anything_of_it_exists" {
  command = plan
}

run "an_environment_comes_up_whole" {
  assert {
    condition     = output.functions["api"] == { name = "flux-${var.environment}-api", version = "7", alias = "live" } && keys(output.functions) == ["api", "ingest", "mail", "migrate", "sweep"]
    error_message = "A deploy is not told of every Lambda."
  }
}

run "the_database_may_be_timescaledb_and_only_its_address_changes" {
  variables {
    database = { engine = "timescaledb", size = var.database.size, storage_gib = var.database.storage_gib }
  }
  assert {
    condition     = output.functions == run.an_environment_comes_up_whole.functions && output.web_url == run.an_environment_comes_up_whole.web_url
    error_message = "More depends on the engine than where the database is."
  }
  assert {
    condition     = alltrue([for address in [output.operator.database, run.an_environment_comes_up_whole.operator.database] : can(regex("^postgresql://[^:/@]+:5432/flux\\?sslmode=require$", address))])
    error_message = "The application would notice which server holds its data."
  }
}
