package isolate

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/smista/smista/pec/smime"
)

// maxFrame bounds a request and an answer. Both are JSON after four bytes of
// length, the highest first; a signature of the largest size accepted fits.
const maxFrame = 1 << 20

// errGone tells of a child that ended before it took the question.
var errGone = errors.New("it had ended before the question")

// errCut tells of an end inside a frame.
var errCut = errors.New("a frame is cut short")

// child is a running process that answers questions.
type child struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func start(command []string) (*child, error) {
	c := exec.Command(command[0], command[1:]...) //nolint:noctx // the command is our own, and outlives requests
	c.Env = []string{}                            // nothing of ours, such as a password, is its business
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("it cannot be started: %w", err)
	}
	return &child{process: c, in: in, out: bufio.NewReader(out)}, nil
}

// ask sends one request and waits for the answer; ctx ending kills the child.
func (c *child) ask(ctx context.Context, request []byte) (smime.Verdict, error) {
	var v smime.Verdict
	disarm := context.AfterFunc(ctx, func() { _ = c.process.Process.Kill() })
	defer disarm()
	if err := writeFrame(c.in, request); err != nil {
		return v, errGone
	}
	answer, err := readFrame(c.out)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(answer, &v); err != nil {
		return v, fmt.Errorf("its answer cannot be read: %w", err)
	}
	if !disarm() {
		return v, ctx.Err()
	}
	return v, nil
}

// stop kills the child and says how it ended.
func (c *child) stop() string {
	_ = c.process.Process.Kill() // it may have ended by itself
	_ = c.process.Wait()         // how it ended stands in the state
	return c.process.ProcessState.String()
}

// Run is the whole life of the child process: it limits its own memory, trusts
// the folder (the embedded anchors when empty) and serves until its input ends.
func Run(trust string) error {
	if err := confine(); err != nil {
		return fmt.Errorf("limit the memory of the signature checker: %w", err)
	}
	anchors, err := anchorsOf(trust)
	if err != nil {
		return err
	}
	return Serve(os.Stdin, os.Stdout, anchors)
}

func anchorsOf(trust string) (*smime.Anchors, error) {
	if trust == "" {
		return smime.DefaultAnchors(), nil
	}
	return smime.LoadAnchors(trust)
}

// Serve answers requests until r ends.
func Serve(r io.Reader, w io.Writer, a *smime.Anchors) error {
	in := bufio.NewReader(r)
	for {
		request, err := readFrame(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var s smime.Signed
		if err := json.Unmarshal(request, &s); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		answer, err := json.Marshal(a.Verify(context.Background(), s))
		if err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
		if err := writeFrame(w, answer); err != nil {
			return err
		}
	}
}

func writeFrame(w io.Writer, payload []byte) error {
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(payload)), uint32(len(payload)))
	_, err := w.Write(append(frame, payload...))
	return err
}

// readFrame gives io.EOF only between frames.
func readFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return nil, fmt.Errorf("a frame of %d bytes, more than the %d allowed", n, maxFrame)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return nil, errCut
	}
	return payload, nil
}
