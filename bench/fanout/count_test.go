//go:build linux

package fanout

import (
	"math"
	"time"
)

// count is what one subscriber has heard of the events, which are numbered from 1.
type count struct {
	last       int // highest number heard
	lost       int // numbers that were passed over
	outOfPlace int // heard again, or after a later one
}

func (c *count) hear(id int) {
	if id <= c.last {
		c.outOfPlace++
		return
	}
	c.lost += id - c.last - 1
	c.last = id
}

// spread is how long deliveries took, in classes two per cent wide from a
// microsecond up.
type spread struct {
	classes [1500]int
	all     int
}

const classWidth = 0.02

func (s *spread) add(took time.Duration) {
	class := int(math.Log(max(1, float64(took)/float64(time.Microsecond))) / classWidth)
	s.classes[min(class, len(s.classes)-1)]++
	s.all++
}

// percentile gives milliseconds.
func (s *spread) percentile(p float64) float64 {
	seen := 0
	for class, n := range s.classes {
		seen += n
		if n > 0 && float64(seen) >= p/100*float64(s.all) {
			return math.Exp(float64(class+1)*classWidth) / 1000
		}
	}
	return 0
}
