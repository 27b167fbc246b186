package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// memory compares the peak resident memory of reading a small and a big PEC,
// each in a process of its own.
func (k *kit) memory() error {
	fmt.Println("\npeak resident memory of one reading, a process each")
	idle, err := k.peak("")
	if err != nil {
		return err
	}
	fmt.Printf("%-8s %8.1f MB\n", "idle", idle)
	var small float64
	for _, s := range []size{{name: "1 MB", bytes: 700 << 10}, {name: "100 MB", bytes: 72 << 20}} {
		m, err := k.message(s)
		if err != nil {
			return err
		}
		peak, err := k.peak(m.path)
		if err != nil {
			return err
		}
		fmt.Printf("%-8s %8.1f MB, %.1f MB over idle (goal 8)", s.name, peak, peak-idle)
		if small > 0 {
			fmt.Printf(", %.2fx of 1 MB (goal 1.1)", peak/small)
		}
		fmt.Println()
		small = peak
	}
	return nil
}

// peak starts this program again to read one file.
func (k *kit) peak(path string) (float64, error) {
	if path == "" {
		path = os.DevNull
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(context.Background(), self, "-memory", path, filepath.Join(k.dir, "trust")).Output()
	if err != nil {
		return 0, fmt.Errorf("child: %w", err)
	}
	kb, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	return kb / 1024, err
}

// printPeak is the child: it reads the file and prints its own peak in KB.
func printPeak(path, trust string) error {
	anchors, err := smime.LoadAnchors(trust)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if size := info.Size(); info.Mode().IsRegular() {
		m, err := pec.Read(context.Background(), f, size, pec.Options{Verifier: anchors, Received: time.Now()})
		if err != nil {
			return err
		}
		if m.Signature.Status != smime.Valid {
			return fmt.Errorf("%s is %s", path, m.Signature.Status)
		}
	}
	status, err := os.Open("/proc/self/status")
	if err != nil {
		return err
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			fmt.Println(strings.TrimSuffix(strings.TrimSpace(text), " kB"))
		}
	}
	return nil
}
