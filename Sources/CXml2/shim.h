#pragma once

// Only what is called, declared here: libxml2's own headers lie in a folder that a compiler looks
// into only when told. These functions are its stable interface (HTMLparser.h, xmlreader.h).

typedef struct _xmlDoc xmlDoc;
typedef struct _xmlTextReader xmlTextReader;

extern const char *xmlParserVersion;

xmlDoc *htmlReadMemory(const char *bytes, int count, const char *address, const char *encoding,
                       int options);
void xmlFreeDoc(xmlDoc *document);

xmlTextReader *xmlReaderWalker(xmlDoc *document);
xmlTextReader *xmlReaderForIO(int (*read)(void *context, char *bytes, int count),
                              int (*close)(void *context), void *context, const char *address,
                              const char *encoding, int options);
void xmlFreeTextReader(xmlTextReader *reader);
int xmlTextReaderRead(xmlTextReader *reader);
int xmlTextReaderNodeType(xmlTextReader *reader);
int xmlTextReaderDepth(xmlTextReader *reader);
int xmlTextReaderIsEmptyElement(xmlTextReader *reader);
int xmlTextReaderMoveToAttribute(xmlTextReader *reader, const unsigned char *name);
int xmlTextReaderMoveToElement(xmlTextReader *reader);
int xmlTextReaderGetParserLineNumber(xmlTextReader *reader);
const unsigned char *xmlTextReaderConstLocalName(xmlTextReader *reader);
const unsigned char *xmlTextReaderConstValue(xmlTextReader *reader);

void xmlSetStructuredErrorFunc(void *context, void (*handler)(void *context, void *error));

static inline void kaji_xml_ignore(void *context, void *error) {}

/// Keeps this thread's errors off the standard error: those of encodings are printed there whatever the options say.
static inline void kaji_xml_be_quiet(void) { xmlSetStructuredErrorFunc(0, kaji_xml_ignore); }

/// The version of the library, as a number in decimal: 20914 is 2.9.14.
static inline const char *kaji_xml_version(void) { return xmlParserVersion; }
