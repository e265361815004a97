variable "environment" {
  description = "Which of the three environments this is. It decides protection, backups and retention (locals in main.tf)."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "engine" {
  description = "rds: Amazon RDS for PostgreSQL behind RDS Proxy. timescaledb: PostgreSQL with TimescaleDB on one EC2 instance."
  type        = string

  validation {
    condition     = contains(["rds", "timescaledb"], var.engine)
    error_message = "Set engine to rds, or to timescaledb where the sales tables have to be hypertables."
  }
}

variable "size" {
  description = "How big the server is: small (2 GiB), medium (4 GiB), large (8 GiB) or xlarge (32 GiB of memory)."
  type        = string

  validation {
    condition     = contains(["small", "medium", "large", "xlarge"], var.size)
    error_message = "Set size to small, medium, large or xlarge; README.md says what each costs."
  }
}

variable "storage_gib" {
  description = "Disk for the data in GiB. RDS grows it by itself up to four times this; the TimescaleDB volume is grown here."
  type        = number

  validation {
    condition     = var.storage_gib >= 20 && var.storage_gib <= 16384 && floor(var.storage_gib) == var.storage_gib
    error_message = "Set storage_gib to a whole number from 20 to 16384. A volume can grow but never shrink, so start low."
  }
}

variable "database_subnet_ids" {
  description = "Isolated subnets (no route to the internet) in two zones or more, for RDS and its proxy."
  type        = list(string)

  validation {
    condition     = length(var.database_subnet_ids) >= 2 && alltrue([for id in var.database_subnet_ids : startswith(id, "subnet-")])
    error_message = "Give the ids (subnet-...) of at least two isolated subnets in different zones; RDS refuses fewer."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets (internet by NAT only). The TimescaleDB server lives in the first one, whose NAT it needs for its packages."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 1 && alltrue([for id in var.private_subnet_ids : startswith(id, "subnet-")])
    error_message = "Give the ids (subnet-...) of the private subnets, the outputs of the network module."
  }
}

variable "vpc_id" {
  description = "The VPC of those subnets."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Give the id (vpc-...) of the VPC, an output of the network module."
  }
}

variable "security_group_id" {
  description = "The database group of the security module. It admits the Lambdas on 5432 and is worn by whatever clients connect to."
  type        = string

  validation {
    condition     = startswith(var.security_group_id, "sg-")
    error_message = "Give the id (sg-...) of the security module's database group."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts disks, snapshots, Database Insights and the administrator's secret."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "Give the ARN of a KMS key (arn:aws:kms:...:key/...), not an alias: RDS compares ARNs."
  }
}

variable "logs_kms_key_arn" {
  description = "Key that encrypts the log groups."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.logs_kms_key_arn))
    error_message = "Give the ARN of the logs key of the security module (arn:aws:kms:...:key/...)."
  }
}

variable "app_secret_arn" {
  description = "Secret with the user name and password of flux_app, as JSON."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[^:]+:[0-9]{12}:secret:[^*]+$", var.app_secret_arn))
    error_message = "Give the full ARN of flux_app's secret (arn:aws:secretsmanager:...), without a wildcard."
  }
}

variable "owner_secret_arn" {
  description = "Secret with the user name and password of flux_owner, as JSON."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[^:]+:[0-9]{12}:secret:[^*]+$", var.owner_secret_arn))
    error_message = "Give the full ARN of flux_owner's secret (arn:aws:secretsmanager:...), without a wildcard."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms, and their end, are sent to."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[^:]+:[0-9]{12}:.+$", var.alarm_topic_arn))
    error_message = "Give the ARN of the alarms' SNS topic (arn:aws:sns:...), an output of the monitoring module."
  }
}

variable "permissions_boundary_arn" {
  description = "Boundary of every role made here: output workload_boundary_arns of bootstrap. Without it the deploy role may not create one."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "Give the ARN of the workload boundary that bootstrap made (arn:aws:iam::...:policy/bootstrap/...)."
  }
}
