import { Stack, Token, Validations } from "aws-cdk-lib";
import {
  CfnInternetGateway,
  CfnVPCGatewayAttachment,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  PublicSubnet,
  SecurityGroup,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

/**
 * Where workers run: in a network of their own, or in a given one. Nobody can open a connection to a worker; workers
 * reach AWS by public addresses, or by the NAT gateway that a given network's private subnets have.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  /** Whether instances must be given a public address by whoever starts them: subnets of its own give it by themselves. */
  readonly needsAddresses: boolean;
  readonly securityGroup: SecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    { vpc, zones }: { vpc?: IVpc | undefined; zones?: readonly string[] | undefined },
  ) {
    super(scope, id);
    if (vpc) {
      const isPrivate = vpc.privateSubnets.length > 0;
      this.vpc = vpc;
      this.subnets = isPrivate ? vpc.privateSubnets : vpc.publicSubnets;
      this.needsAddresses = !isPrivate;
    } else {
      const own = this.#ownVpc();
      this.vpc = own as IVpc;
      this.subnets = this.#ownSubnets(own, zones ?? Stack.of(this).availabilityZones);
      this.needsAddresses = false;
    }
    this.securityGroup = new SecurityGroup(this, "Workers", {
      vpc: this.vpc,
      description: "Workers: out to anywhere, in from nowhere",
      allowAllOutbound: true,
    });
  }

  #ownVpc(): Vpc {
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr("10.0.0.0/16"),
      natGateways: 0,
      subnetConfiguration: [],
      // Nothing is in it; emptying its rules would bring a function of its own.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, {
      VPC7: "Nothing can connect to a worker, and logs of flows bill by the gigabyte.",
    });
    return vpc;
  }

  /**
   * Public subnets without a NAT gateway, which would bill by the hour; recordings and records go through gateway
   * endpoints, which are free. Each zone has its place by its letter: other zones beside it do not move it.
   */
  #ownSubnets(vpc: Vpc, zones: readonly string[]): ISubnet[] {
    const gateway = new CfnInternetGateway(this, "Gateway");
    const attachment = new CfnVPCGatewayAttachment(this, "GatewayAttachment", {
      vpcId: vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    const subnets = [...zones].sort().map((availabilityZone, at) => {
      const place = placeOf(availabilityZone, at);
      const subnet = new PublicSubnet(this, `Subnet${String.fromCharCode(A + place).toUpperCase()}`, {
        vpcId: vpc.vpcId,
        availabilityZone,
        cidrBlock: `10.0.${16 * place}.0/20`,
        mapPublicIpOnLaunch: true,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet as ISubnet;
    });
    for (const [name, service] of Object.entries({
      S3: GatewayVpcEndpointAwsService.S3,
      DynamoDb: GatewayVpcEndpointAwsService.DYNAMODB,
    }))
      vpc.addGatewayEndpoint(name, { service, subnets: [{ subnets }] });
    Validations.of(this).acknowledge({
      id: "CloudFormation-Validate::W3010",
      reason: "The operator chose these zones (zones), or they are all that the region has.",
    });
    return subnets;
  }
}

const A = "a".charCodeAt(0);

/** Of `us-east-1c`: 2. Where the template does not know the zones' names, their order. */
function placeOf(zone: string, at: number): number {
  return Token.isUnresolved(zone) ? at : zone.charCodeAt(zone.length - 1) - A;
}
