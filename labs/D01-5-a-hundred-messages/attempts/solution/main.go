// Command program writes four records for each issued key, and reads them as a member of a group.
//
//	program produce
//	program consume
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

const (
	recordsPerKey = 4
	flushTimeout  = 15_000 // ms
	pollTimeout   = 100    // ms
)

// counts has the number of records by partition.
type counts map[int32]int

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "program:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	var found counts
	switch {
	case slices.Equal(arguments, []string{"produce"}):
		found, err = produce(s)
	case slices.Equal(arguments, []string{"consume"}):
		found, err = consume(s)
	default:
		return errors.New("usage: program produce|consume")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", arguments[0], err)
	}
	for _, partition := range slices.Sorted(maps.Keys(found)) {
		fmt.Printf("partition %d: %d records\n", partition, found[partition])
	}
	return nil
}

// settings are what the workbook issues, in environment variables.
type settings struct {
	servers, topic, group string
	keys                  []string
}

func readSettings() (settings, error) {
	var missing []string
	read := func(name string) string {
		value := os.Getenv(name)
		if value == "" {
			missing = append(missing, name)
		}
		return value
	}
	s := settings{
		servers: read("BOOTSTRAP_SERVERS"),
		topic:   read("TOPIC"),
		group:   read("GROUP"),
		keys:    strings.Split(read("KEYS"), ","),
	}
	if missing != nil {
		return s, fmt.Errorf("not set: %s", strings.Join(missing, ", "))
	}
	return s, nil
}

// produce ends when the broker has acknowledged every record, or with an error.
func produce(s settings) (counts, error) {
	producer, err := kafka.NewProducer(&kafka.ConfigMap{
		"bootstrap.servers": s.servers,
		// A record whose acknowledgement is lost is sent again, but not written again.
		"enable.idempotence": true,
	})
	if err != nil {
		return nil, err
	}
	defer producer.Close()

	total := len(s.keys) * recordsPerKey
	// With room for every report, the client never waits for us to read one.
	reports := make(chan kafka.Event, total)
	for n := range recordsPerKey {
		for _, key := range s.keys {
			record := &kafka.Message{
				TopicPartition: kafka.TopicPartition{Topic: &s.topic, Partition: kafka.PartitionAny},
				Key:            []byte(key),
				Value:          fmt.Appendf(nil, "message %d of %s", n+1, key),
			}
			// Produce only puts the record into a queue.
			if err := producer.Produce(record, reports); err != nil {
				return nil, err
			}
		}
	}
	if left := producer.Flush(flushTimeout); left > 0 {
		return nil, fmt.Errorf("%d of %d records are without a report", left, total)
	}
	written := counts{}
	for range total {
		report, ok := (<-reports).(*kafka.Message)
		if !ok {
			return nil, errors.New("a report that is none of a record")
		}
		if err := report.TopicPartition.Error; err != nil {
			return nil, fmt.Errorf("key %s: %w", report.Key, err)
		}
		written[report.TopicPartition.Partition]++
	}
	return written, nil
}

// consume reads until SIGTERM or Ctrl-C.
func consume(s settings) (read counts, err error) {
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": s.servers,
		"group.id":          s.group,
		// Where the group has committed nothing yet, it begins at the oldest record.
		"auto.offset.reset": "earliest",
		// What is committed is what we store, and not all that the client has handed out.
		"enable.auto.offset.store": false,
		// The default is five seconds.
		"auto.commit.interval.ms": 1000,
	})
	if err != nil {
		return nil, err
	}
	// Close commits what has been stored since the last commit, and leaves the group.
	defer func() { err = errors.Join(err, consumer.Close()) }()

	stop, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer forget()
	if err := consumer.Subscribe(s.topic, nil); err != nil {
		return nil, err
	}
	read = counts{}
	told := kafka.ErrNoError
	for stop.Err() == nil {
		switch event := consumer.Poll(pollTimeout).(type) {
		case *kafka.Message:
			read[event.TopicPartition.Partition]++
			if _, err := consumer.StoreMessage(event); err != nil {
				return nil, err
			}
		case kafka.Error:
			// Most of them the client overcomes by itself.
			if event.IsFatal() {
				return nil, event
			}
			if event.Code() != told {
				told = event.Code()
				fmt.Fprintln(os.Stderr, "program:", event)
			}
		}
	}
	return read, nil
}
