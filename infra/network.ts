import { Validations } from "aws-cdk-lib";
import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

/**
 * Where workers run: public subnets without a NAT gateway, which would bill by the hour; recordings and records go
 * through gateway endpoints, which are free. Nobody can open a connection to a worker.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The library was not compiled with exactOptionalPropertyTypes: its classes miss their own interfaces by a hair.
    this.vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr("10.0.0.0/16"),
      maxAzs: 6,
      natGateways: 0,
      subnetConfiguration: [
        { name: "workers", subnetType: SubnetType.PUBLIC, cidrMask: 20, mapPublicIpOnLaunch: true },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    }) as IVpc;
    Validations.of(this.vpc).acknowledge({
      id: "CloudFormation-Validate::W3010",
      reason: "The operator chose these zones (zones).",
    });
    acknowledge(this.vpc, {
      VPC7: "Nothing can connect to a worker, and logs of flows bill by the gigabyte.",
    });
    this.securityGroup = new SecurityGroup(this, "Workers", {
      vpc: this.vpc,
      description: "Workers: out to anywhere, in from nowhere",
      allowAllOutbound: true,
    });
  }
}
