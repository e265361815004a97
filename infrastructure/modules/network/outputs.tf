output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "Addresses of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "private_subnet_ids" {
  description = "Subnets for Lambdas, the cache and the TimescaleDB server, in the order of the zones. The first has a NAT gateway in its zone."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].id]
}

output "database_subnet_ids" {
  description = "Subnets without a way out, for RDS and its proxy, in the order of the zones."
  value       = [for zone in var.availability_zones : aws_subnet.database[zone].id]
}

output "public_subnet_ids" {
  description = "Subnets of the NAT gateways, in the order of the zones. Nothing else belongs there."
  value       = [for zone in var.availability_zones : aws_subnet.public[zone].id]
}

output "endpoints_security_group_id" {
  description = "Group of the interface endpoints. Security groups of clients need a rule out to it, on 443."
  value       = aws_security_group.endpoints.id
}

output "s3_prefix_list_id" {
  description = "Addresses of S3 in the region, for rules of security groups that may reach S3 only by its gateway endpoint."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "nat_public_ips" {
  description = "Addresses that requests from the private subnets come from, for others' allow lists."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}
