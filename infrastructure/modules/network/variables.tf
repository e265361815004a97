variable "environment" {
  description = "Which of the three environments this is. It decides the number of NAT gateways and how long flow logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "cidr_block" {
  description = "Addresses of the VPC, a private /16. Give each environment its own, so that two can be joined one day."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr_block)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.).*\\.0\\.0/16$", var.cidr_block))
    error_message = "Set cidr_block to a private /16 that ends in .0.0, such as 10.20.0.0/16."
  }
}

variable "availability_zones" {
  description = "Two or three zones of one region. Named here rather than looked up: a zone that AWS adds must not move subnets. Add at the end."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(distinct(var.availability_zones))) && length(var.availability_zones) == length(distinct(var.availability_zones))
    error_message = "Name two or three different zones, such as eu-central-1a and eu-central-1b."
  }

  validation {
    condition     = length(distinct([for zone in var.availability_zones : try(regex("^([a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]$", zone)[0], zone)])) == 1
    error_message = "Name zones (eu-central-1a), not regions, and all of one region."
  }
}

variable "logs_kms_key_arn" {
  description = "Key that encrypts the flow logs. Its policy must let CloudWatch Logs use it."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.logs_kms_key_arn))
    error_message = "Give the ARN of the logs key of the security module (arn:aws:kms:...:key/...)."
  }
}

variable "permissions_boundary_arn" {
  description = "Boundary of the flow logs' role: output workload_boundary_arns of bootstrap. Without it the deploy role may not create the role."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "Give the ARN of the workload boundary that bootstrap made (arn:aws:iam::...:policy/bootstrap/...)."
  }
}
