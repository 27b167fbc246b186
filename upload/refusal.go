package upload

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Refusal is why an upload is not taken. Both texts are safe to show.
type Refusal struct {
	Status           int
	Code             string // for programs
	English, Italian string // without an Italian text it is for those who write programs
}

func (r *Refusal) Error() string { return r.Code + ": " + r.English }

// The codes.
const (
	NotFound    = "NOT_FOUND"
	Forbidden   = "FORBIDDEN"
	BadInput    = "BAD_INPUT"
	Unavailable = "UNAVAILABLE" // try again
)

func notFound() *Refusal {
	return &Refusal{
		http.StatusNotFound, NotFound,
		"there is no such upload, or it is not yours", "il caricamento non esiste, o non è tuo",
	}
}

func readOnly() *Refusal {
	return &Refusal{
		http.StatusForbidden, Forbidden,
		"this token is not for writing replies", "il token non consente di scrivere risposte",
	}
}

func tooLarge(most int64) *Refusal {
	return &Refusal{
		http.StatusRequestEntityTooLarge, BadInput,
		fmt.Sprintf("the file is larger than %d bytes, the most that can be attached", most),
		fmt.Sprintf("il file supera %d byte, il massimo che si può allegare", most),
	}
}

func tooMany(most int) *Refusal {
	return &Refusal{
		http.StatusTooManyRequests, BadInput,
		fmt.Sprintf("you have %d uploads that are not finished: finish or cancel one first", most),
		fmt.Sprintf("hai %d caricamenti in sospeso: completane o annullane uno", most),
	}
}

func empty() *Refusal {
	return &Refusal{http.StatusBadRequest, BadInput, "the file is empty", "il file è vuoto"}
}

func notPicture() *Refusal {
	return &Refusal{
		http.StatusUnsupportedMediaType, BadInput,
		"a picture in the text is PNG, JPEG, GIF or WebP, and this file is none of them",
		"un'immagine nel testo è PNG, JPEG, GIF o WebP, e questo file non lo è",
	}
}

func unscannable() *Refusal {
	return &Refusal{
		http.StatusRequestEntityTooLarge, BadInput,
		"the file is larger than the virus scanner accepts: the administrator can raise its limits",
		"il file supera la dimensione che l'antivirus accetta: l'amministratore può alzarne i limiti",
	}
}

func noScanner() *Refusal {
	return &Refusal{
		http.StatusServiceUnavailable, Unavailable,
		"the file has arrived, but the virus scanner does not answer: try again in a while, it need not be sent again",
		"il file è arrivato, ma l'antivirus non risponde: riprovare tra poco, non occorre rispedirlo",
	}
}

func altered() *Refusal {
	return &Refusal{
		http.StatusConflict, BadInput,
		"the file that arrived is not the one that was announced: send it again", "il file arrivato non è quello annunciato: inviarlo di nuovo",
	}
}

func malformed(format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: BadInput, English: fmt.Sprintf(format, args...)}
}

func wrongMethod() *Refusal {
	return &Refusal{
		Status: http.StatusMethodNotAllowed, Code: BadInput,
		English: "uploads are made by POST, continued by PATCH, looked at by HEAD and cancelled by DELETE",
	}
}

func busy() *Refusal {
	return &Refusal{
		http.StatusLocked, Unavailable,
		"another request is at work on this upload: try again in a while", "un'altra richiesta lavora su questo caricamento: riprovare tra poco",
	}
}

// ofTus makes a refusal of an error that tusd answers, "ERR_…: text"; what is no
// fault of the client becomes an error that says it all and is shown to nobody.
func (u *Uploads) ofTus(status int, said string) error {
	code, text, _ := strings.Cut(strings.TrimSpace(said), ": ")
	switch {
	case code == "ERR_MAX_SIZE_EXCEEDED":
		return tooLarge(u.o.FileBytes)
	case status == http.StatusNotFound:
		return notFound()
	case code == "ERR_LOCK_TIMEOUT":
		return busy()
	case code == "ERR_READ_TIMEOUT" || code == "ERR_CONNECTION_RESET":
		return &Refusal{Status: http.StatusServiceUnavailable, Code: Unavailable, English: text}
	case strings.HasPrefix(code, "ERR_") && code != "ERR_INTERNAL_SERVER_ERROR":
		return &Refusal{Status: status, Code: BadInput, English: text}
	}
	return errors.New("tus: " + said)
}
