locals {
  gib = 1024 * 1024 * 1024

  metric_of = local.is_rds ? {
    cpu         = { namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = local.name } }
    connections = { namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = local.name } }
    storage     = { namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = local.name } }
    } : {
    cpu         = { namespace = "AWS/EC2", dimensions = { InstanceId = aws_instance.this[0].id } }
    connections = { namespace = local.metrics_namespace, dimensions = { Server = local.name } }
    storage     = { namespace = local.metrics_namespace, dimensions = { Server = local.name } }
  }

  alarms = {
    cpu = {
      metric    = "CPUUtilization", statistic = "Average", comparison = "GreaterThanThreshold", minutes = 15
      threshold = 80
      says      = "The database has been above 80 % CPU for a quarter of an hour."
    }
    connections = {
      metric    = "DatabaseConnections", statistic = "Maximum", comparison = "GreaterThanThreshold", minutes = 5
      threshold = floor(local.server.max_connections * 0.8)
      says      = "More than 80 % of the database's connections are taken."
    }
    storage = {
      metric    = "FreeStorageSpace", statistic = "Minimum", comparison = "LessThanThreshold", minutes = 5
      threshold = floor(var.storage_gib * local.gib * 0.2)
      says      = "Less than 20 % of the database's first disk size is free."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.name}-database-${each.key}"
  alarm_description   = each.value.says
  namespace           = local.metric_of[each.key].namespace
  dimensions          = local.metric_of[each.key].dimensions
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = each.value.minutes
  treat_missing_data  = "breaching" # a database that says nothing is down
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}

# EC2 moves the instance to sound hardware, with the same id, address and volumes.
resource "aws_cloudwatch_metric_alarm" "recovery" {
  count = local.is_timescaledb ? 1 : 0

  alarm_name          = "${local.name}-database-recovery"
  alarm_description   = "The hardware under the TimescaleDB server failed; EC2 is moving the server."
  namespace           = "AWS/EC2"
  dimensions          = { InstanceId = aws_instance.this[0].id }
  metric_name         = "StatusCheckFailed_System"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 2
  treat_missing_data  = "missing"
  alarm_actions       = ["arn:${data.aws_partition.this.partition}:automate:${data.aws_region.this.region}:ec2:recover", var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}

# The system no longer answers: a reboot mends most of that.
resource "aws_cloudwatch_metric_alarm" "reboot" {
  count = local.is_timescaledb ? 1 : 0

  alarm_name          = "${local.name}-database-reboot"
  alarm_description   = "The TimescaleDB server no longer answers; EC2 is restarting it."
  namespace           = "AWS/EC2"
  dimensions          = { InstanceId = aws_instance.this[0].id }
  metric_name         = "StatusCheckFailed_Instance"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "missing"
  alarm_actions       = ["arn:${data.aws_partition.this.partition}:automate:${data.aws_region.this.region}:ec2:reboot", var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
