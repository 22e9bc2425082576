import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/**
 * Runs DynamoDB Local and ElasticMQ on free ports of the loopback interface, in memory, and prints where,
 * until standard input ends. Their own command lines listen on every interface.
 */
public final class Emulators {
  public static void main(String[] args) throws Exception {
    Server dynamoDb = new Server(new InetSocketAddress("127.0.0.1", 0));
    // Port (unused here), in memory, no file, one database for all access keys, no delays. Each function of the
    // local run has an access key of its own.
    var requests = new LocalDynamoDBRequestHandler(0, true, null, true, false);
    dynamoDb.setHandler(new LocalDynamoDBServerHandler(requests, null));
    dynamoDb.start();
    int dynamoDbPort = ((ServerConnector) dynamoDb.getConnectors()[0]).getLocalPort();

    SQSRestServer sqs = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    int sqsPort = sqs.waitUntilStarted().localAddress().getPort();

    System.out.printf(
        "{\"sqs\":\"http://127.0.0.1:%d\",\"dynamodb\":\"http://127.0.0.1:%d\"}%n", sqsPort, dynamoDbPort);
    while (System.in.read() >= 0) {}
    // At once, whatever their threads do: there is nothing to keep.
    Runtime.getRuntime().halt(0);
  }
}
