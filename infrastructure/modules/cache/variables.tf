variable "environment" {
  description = "Which of the three environments this is. It decides the number of nodes and whether they outlive a zone."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "size" {
  description = "How big a node is: micro (0.5 GiB), small (1.4 GiB) or medium (3 GiB of memory)."
  type        = string

  validation {
    condition     = contains(["micro", "small", "medium"], var.size)
    error_message = "Set size to micro, small or medium; README.md says what each costs."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets in two zones or more."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 2 && alltrue([for id in var.private_subnet_ids : startswith(id, "subnet-")])
    error_message = "Give the ids (subnet-...) of at least two private subnets, outputs of the network module."
  }
}

variable "security_group_id" {
  description = "The cache's group of the security module. It admits the Lambdas on 6379."
  type        = string

  validation {
    condition     = startswith(var.security_group_id, "sg-")
    error_message = "Give the id (sg-...) of the security module's cache group."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the nodes' disks, snapshots and the secret."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "Give the ARN of the data key of the security module (arn:aws:kms:...:key/...)."
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

variable "password" {
  description = "A fresh random password on every run. It is only used where password_version rises, goes straight to ElastiCache and Secrets Manager, and is never in a plan or a state."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9]{32,128}$", var.password))
    error_message = "Give 32 to 128 letters and digits, new on every run: TF_VAR_cache_password=$(openssl rand -hex 32)."
  }
}

variable "password_version" {
  description = "Raise it by one to give the application another password. Cache and secret change in the same run."
  type        = number

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "Set password_version to 1 at first, and raise it by one to rotate."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that failovers and other events of the cache are sent to."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[^:]+:[0-9]{12}:.+$", var.alarm_topic_arn))
    error_message = "Give the ARN of the alarms' SNS topic (arn:aws:sns:...), an output of the monitoring module."
  }
}
