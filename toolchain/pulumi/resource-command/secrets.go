package main

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// shortestMaskedLine keeps the common lines of a secret text, such as "{", from masking half a log.
const shortestMaskedLine = 8

// secretTexts replaces the texts of secret inputs by "[secret]". Each line of a secret counts too,
// since output arrives line by line.
func secretTexts(properties resource.PropertyMap) *strings.Replacer {
	var texts []string
	for _, value := range properties {
		texts = appendSecretTexts(texts, value, false)
	}
	// The longest first: a replacer takes the first that fits.
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, text := range texts {
		pairs = append(pairs, text, "[secret]")
	}
	return strings.NewReplacer(pairs...)
}

func appendSecretTexts(texts []string, value resource.PropertyValue, secret bool) []string {
	switch {
	case value.IsSecret():
		texts = appendSecretTexts(texts, value.SecretValue().Element, true)
	case value.IsArray():
		for _, element := range value.ArrayValue() {
			texts = appendSecretTexts(texts, element, secret)
		}
	case value.IsObject():
		for _, element := range value.ObjectValue() {
			texts = appendSecretTexts(texts, element, secret)
		}
	case secret && value.IsString() && value.StringValue() != "":
		texts = append(texts, value.StringValue())
		for _, line := range strings.Split(value.StringValue(), "\n") {
			if len(line) >= shortestMaskedLine {
				texts = append(texts, line)
			}
		}
	}
	return texts
}
