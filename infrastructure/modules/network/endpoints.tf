locals {
  # What a Lambda in a private subnet asks AWS for. Its own logs are shipped by the Lambda service, not through
  # the VPC; `logs` is for the TimescaleDB server. `email` is the API of SES, not its SMTP.
  interface_services = ["secretsmanager", "logs", "email"]

  # A prod without a zone still reaches its secrets. Elsewhere one zone's interface serves all: 8 USD a month each.
  endpoint_zones = local.nat_zones

  # Buckets of Amazon's own that a server reads to update itself. Everything else must be ours.
  amazon_buckets = ["al2023-repos-${data.aws_region.this.region}-*", "amazon-ssm-${data.aws_region.this.region}", "aws-ssm-${data.aws_region.this.region}"]
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.this.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.private : table.id]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "BucketsOfThisAccount"
        Effect    = "Allow"
        Principal = "*"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:ListBucket",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceAccount" = data.aws_caller_identity.this.account_id } }
      },
      {
        Sid       = "PackagesOfAmazon"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetObject"]
        Resource  = [for bucket in local.amazon_buckets : "arn:${data.aws_partition.this.partition}:s3:::${bucket}/*"]
      },
    ]
  })

  tags = { Name = "${local.name}-s3" }
}

resource "aws_security_group" "endpoints" {
  #checkov:skip=CKV2_AWS_5:worn by the interface endpoints below, which checkov does not follow through for_each
  name        = "${local.name}-endpoints"
  description = "AWS services inside the VPC: HTTPS from the private subnets"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.name}-endpoints" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = local.zones

  security_group_id = aws_security_group.endpoints.id
  description       = "HTTPS from the private subnet in ${each.key}"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value.private
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.interface_services)

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.this.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in local.endpoint_zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.endpoints.id]

  tags = { Name = "${local.name}-${each.key}" }
}
