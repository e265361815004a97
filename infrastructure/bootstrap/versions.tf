terraform {
  required_version = ">= 1.11"

  # The state of what makes the state bucket cannot lie in it. README.md says where the file goes afterwards.
  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.47.0"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "flux"
      Environment = "shared"
      ManagedBy   = "terraform"
      Root        = "infrastructure/bootstrap"
    }
  }
}
