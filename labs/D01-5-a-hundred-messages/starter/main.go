// Command program writes four records for each issued key, and reads them as a member of a group.
//
//	program produce
//	program consume
//
// Five places are yours; "Your part" says where. What the client's functions do is documented at
// https://pkg.go.dev/github.com/confluentinc/confluent-kafka-go/v2/kafka
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

var errYourPart = errors.New("your part in main.go is missing")

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
	// The client reports here what became of each record.
	reports := make(chan kafka.Event, total)

	// Your part: hand over recordsPerKey records for each key, one at a time, with
	// producer.Produce(&kafka.Message{…}, reports). A message needs its TopicPartition (with
	// Topic: &s.topic and Partition: kafka.PartitionAny), a Key and a Value, both []byte.
	// Produce only puts it into a queue, and returns an error if it cannot.

	// Your part: wait until every report is in. producer.Flush(flushTimeout) returns how many are
	// still to come when its time is over. If there are any, this function has failed.

	written := counts{}
	// Your part: take as many reports from the channel as you handed records over. Each is a
	// *kafka.Message whose TopicPartition has the Error, if it was not written, and else the
	// Partition that it is in: count it in written, and return that.

	_, _, _ = total, reports, written // Yours to use.
	return nil, errYourPart
}

// consume reads until SIGTERM or Ctrl-C.
func consume(s settings) (read counts, err error) {
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": s.servers,
		"group.id":          s.group,
		// What is committed is what you store, and not all that the client has handed out.
		"enable.auto.offset.store": false,
		// Your part: where does a group begin to read that has committed nothing yet? That is
		// auto.offset.reset. Its default is the end of the log: only records still to come.
	})
	if err != nil {
		return nil, err
	}
	// Close commits what has been stored since the last commit, and leaves the group.
	defer func() { err = errors.Join(err, consumer.Close()) }()

	stop, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer forget()

	read = counts{}
	// Your part: consumer.Subscribe(s.topic, nil) makes this program a member of the group. Then,
	// as long as stop.Err() is nil, call consumer.Poll(pollTimeout). It returns a *kafka.Message,
	// which you count by its TopicPartition.Partition and hand to consumer.StoreMessage, a
	// kafka.Error, which you print, or nil when nothing came. Return what you counted.

	_, _ = stop, read // Yours to use.
	return nil, errYourPart
}
