// Reads feeds with gofeed: one JSON line in, one JSON line out, as long as asked.
// In: {body, kind: "atom" | "rss" | "json", url}.
// Out: {title, home, items: [{id, title, link, published, updated, enclosure}]} or {error}.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"time"

	"github.com/mmcdole/gofeed"
)

type item struct {
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Link      string     `json:"link"`
	Published *time.Time `json:"published"`
	Updated   *time.Time `json:"updated"`
	Enclosure *string    `json:"enclosure"`
}

type answer struct {
	Title string `json:"title"`
	Home  string `json:"home"`
	Items []item `json:"items"`
	Error string `json:"error,omitempty"`
}

func read(body string) answer {
	feed, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		return answer{Error: err.Error()}
	}
	found := answer{Title: feed.Title, Home: feed.Link, Items: []item{}}
	for _, each := range feed.Items {
		seen := item{each.GUID, each.Title, each.Link, each.PublishedParsed, each.UpdatedParsed, nil}
		if len(each.Enclosures) > 0 {
			seen.Enclosure = &each.Enclosures[0].URL
		}
		found.Items = append(found.Items, seen)
	}
	return found
}

func main() {
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked struct{ Body string }
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		if err := out.Encode(read(asked.Body)); err != nil {
			panic(err)
		}
	}
}
