// The other side of the interchange: golang.org/x/mod/sumdb's notes and trees, driven by JSON on standard input.
// It takes a list of jobs and gives a list of answers. It knows nothing of the project it is held against.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"crypto/sha256"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type job struct {
	Op      string
	Note    string
	Keys    []string
	Text    string
	Name    string
	Seed    []byte
	Seconds uint64
	Leaves  []tlog.Hash
	Path    []tlog.Hash
	Seq     int64
	Old     int64
	OldRoot tlog.Hash
	Size    int64
	Root    tlog.Hash
	Leaf    tlog.Hash
}

type answer struct {
	Error       string          `json:"error"`
	Note        string          `json:"note"`
	Text        string          `json:"text"`
	Key         string          `json:"key"`
	Names       []string        `json:"names"`
	Roots       []tlog.Hash     `json:"roots"`
	Inclusion   [][][]tlog.Hash `json:"inclusion"`
	Consistency [][][]tlog.Hash `json:"consistency"`
}

// A witness signs and verifies cosignature/v1 as C2SP tlog-cosignature has it.
type witness struct {
	name    string
	public  ed25519.PublicKey
	private ed25519.PrivateKey
	seconds uint64
}

func (w witness) Name() string { return w.name }

func (w witness) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(w.name+"\n\x04"), w.public...))
	return binary.BigEndian.Uint32(sum[:4])
}

func cosigned(seconds uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), text...)
}

func (w witness) Sign(text []byte) ([]byte, error) {
	stamp := make([]byte, 8)
	binary.BigEndian.PutUint64(stamp, w.seconds)
	return append(stamp, ed25519.Sign(w.private, cosigned(w.seconds, text))...), nil
}

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	return ed25519.Verify(w.public, cosigned(binary.BigEndian.Uint64(signature), text), signature[8:])
}

func verifier(key string) (note.Verifier, error) {
	parts := strings.SplitN(key, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if len(parts) == 3 && err == nil && len(raw) == 33 && raw[0] == 4 {
		w := witness{name: parts[0], public: raw[1:]}
		if parts[1] != fmt.Sprintf("%08x", w.KeyHash()) {
			return nil, fmt.Errorf("the hash of a witness key is wrong")
		}
		return w, nil
	}
	return note.NewVerifier(key)
}

func signer(j job) (note.Signer, string, error) {
	private := ed25519.NewKeyFromSeed(j.Seed)
	public := private.Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey(j.Name, public)
	if err != nil {
		return nil, "", err
	}
	if j.Op == "cosign" {
		w := witness{j.Name, public, private, j.Seconds}
		key = fmt.Sprintf("%s+%08x+%s", j.Name, w.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{4}, public...)))
		return w, key, nil
	}
	hash := strings.SplitN(key, "+", 3)[1]
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, j.Seed...))
	s, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", j.Name, hash, secret))
	return s, key, err
}

type storage []tlog.Hash

func (s storage) ReadHashes(places []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(places))
	for i, place := range places {
		out[i] = s[place]
	}
	return out, nil
}

func prove(leaves []tlog.Hash) (a answer, err error) {
	var stored storage
	for i, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), leaf, stored)
		if err != nil {
			return a, err
		}
		stored = append(stored, more...)
	}
	for size := int64(1); size <= int64(len(leaves)); size++ {
		root, err := tlog.TreeHash(size, stored)
		if err != nil {
			return a, err
		}
		inclusion, consistency := [][]tlog.Hash{}, [][]tlog.Hash{}
		for i := int64(0); i < size; i++ {
			path, err := tlog.ProveRecord(size, i, stored)
			if err != nil {
				return a, err
			}
			inclusion = append(inclusion, path)
			between, err := tlog.ProveTree(size, i+1, stored)
			if err != nil {
				return a, err
			}
			consistency = append(consistency, between)
		}
		a.Roots = append(a.Roots, root)
		a.Inclusion = append(a.Inclusion, inclusion)
		a.Consistency = append(a.Consistency, consistency)
	}
	return a, nil
}

func do(j job) (a answer, err error) {
	switch j.Op {
	case "open":
		var known []note.Verifier
		for _, key := range j.Keys {
			v, err := verifier(key)
			if err != nil {
				return a, err
			}
			known = append(known, v)
		}
		n, err := note.Open([]byte(j.Note), note.VerifierList(known...))
		if err != nil {
			return a, err
		}
		a.Text = n.Text
		for _, signature := range n.Sigs {
			a.Names = append(a.Names, signature.Name)
		}
		return a, nil
	case "sign", "cosign":
		s, key, err := signer(j)
		if err != nil {
			return a, err
		}
		made, err := note.Sign(&note.Note{Text: j.Text}, s)
		return answer{Note: string(made), Key: key}, err
	case "prove":
		return prove(j.Leaves)
	case "record":
		return a, tlog.CheckRecord(j.Path, j.Size, j.Root, j.Seq, j.Leaf)
	case "tree":
		return a, tlog.CheckTree(j.Path, j.Size, j.Root, j.Old, j.OldRoot)
	}
	return a, fmt.Errorf("an unknown job %q", j.Op)
}

func main() {
	var jobs []job
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := []answer{}
	for _, j := range jobs {
		a, err := do(j)
		if err != nil {
			a.Error = err.Error()
		}
		answers = append(answers, a)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
