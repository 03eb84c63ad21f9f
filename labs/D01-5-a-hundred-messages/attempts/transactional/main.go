// Command transactional aborts a transaction of 30 records, commits one of 100, and reads these as
// a member of the group. It prints how many each of the five partitions holds.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

const patience = 30 * time.Second

var (
	servers = os.Getenv("BOOTSTRAP_SERVERS")
	topic   = os.Getenv("TOPIC")
)

func main() {
	keys := slices.Repeat(strings.Split(os.Getenv("KEYS"), ","), 4)
	if err := write(keys); err != nil {
		log.Fatal(err)
	}
	counts, err := read(len(keys))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(counts)
}

func write(keys []string) error {
	producer, err := kafka.NewProducer(&kafka.ConfigMap{
		"bootstrap.servers": servers,
		"transactional.id":  "a-hundred-messages",
		// A failed delivery fails the commit: no reports are needed to see it.
		"go.delivery.reports": false,
	})
	if err != nil {
		return err
	}
	defer producer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := producer.InitTransactions(ctx); err != nil {
		return err
	}
	if err := send(producer, keys[:30]); err != nil {
		return err
	}
	if err := producer.AbortTransaction(ctx); err != nil {
		return err
	}
	if err := send(producer, keys); err != nil {
		return err
	}
	return producer.CommitTransaction(ctx)
}

// send begins a transaction and writes its records.
func send(producer *kafka.Producer, keys []string) error {
	if err := producer.BeginTransaction(); err != nil {
		return err
	}
	for _, key := range keys {
		record := &kafka.Message{
			TopicPartition: kafka.TopicPartition{Topic: &topic, Partition: kafka.PartitionAny},
			Key:            []byte(key),
		}
		if err := producer.Produce(record, nil); err != nil {
			return err
		}
	}
	// What is still in the queue would be dropped by an abort, not written and aborted.
	if left := producer.Flush(int(patience.Milliseconds())); left > 0 {
		return fmt.Errorf("%d records are not sent", left)
	}
	return nil
}

// read ends after that many records and commits.
func read(records int) (counts [5]int, err error) {
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": servers,
		"group.id":          os.Getenv("GROUP"),
		"auto.offset.reset": "earliest",
		"isolation.level":   "read_committed", // librdkafka's default; Java's is the other one.
	})
	if err != nil {
		return counts, err
	}
	defer func() { err = errors.Join(err, consumer.Close()) }()
	if err := consumer.Subscribe(topic, nil); err != nil {
		return counts, err
	}
	for range records {
		record, err := consumer.ReadMessage(patience)
		if err != nil {
			return counts, err
		}
		counts[record.TopicPartition.Partition]++
	}
	return counts, nil
}
