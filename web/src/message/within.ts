/** Whether an attachment is a picture in the text: mail programs call other files inline too, which no text shows. */
export function isWithin(file: { inline: boolean; mediaType: string }, html: boolean): boolean {
  return html && file.inline && file.mediaType.startsWith('image/');
}
